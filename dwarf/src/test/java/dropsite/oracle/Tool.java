package dropsite.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program, run as a subprocess with a time limit.
 *
 * @param command program and arguments
 * @param worstExit the greatest exit code that is no failure
 */
record Tool(List<String> command, int worstExit) {

  /**
   * Returns the first program of the given names that PATH holds.
   *
   * @throws IllegalStateException when there is none; the message says what to install
   */
  static Tool find(String install, String name) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file)) {
        return at(file);
      }
    }
    throw new IllegalStateException("no " + name + " in PATH: install " + install);
  }

  /** Returns the program that a file is. */
  static Tool at(Path file) {
    return new Tool(List.of(file.toString()), 0);
  }

  /** Returns the same program with arguments appended. */
  Tool with(String... arguments) {
    List<String> longer = new ArrayList<>(command);
    longer.addAll(List.of(arguments));
    return new Tool(List.copyOf(longer), worstExit);
  }

  /** Returns the same program, whose exit codes up to the given one are no failures. */
  Tool exitingWithAtMost(int code) {
    return new Tool(command, code);
  }

  /** Runs the program on lines of input and returns the lines it prints. */
  List<String> run(List<String> input, Duration limit) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("oracle");
    Path in = Files.write(folder.resolve("in"), input);
    Path out = folder.resolve("out");
    Path errors = folder.resolve("errors");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(errors.toFile())
              .start();
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IllegalStateException(this + " did not end within " + limit);
      }
      if (process.exitValue() > worstExit) {
        throw new IllegalStateException(
            this + " exits with " + process.exitValue() + ": " + lines(errors));
      }
      return lines(out);
    } finally {
      for (Path file : List.of(in, out, errors, folder)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Latin-1 never fails: names and paths are compared as bytes. */
  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return String.join(" ", command);
  }
}
