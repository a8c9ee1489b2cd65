package dropsite.cli;

import dropsite.command.Output;
import dropsite.command.Program;
import dropsite.command.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the commands of a file in one JVM, so that the ahead-of-time cache, which is trained by one
 * run, knows the classes of all of them. The launcher does this after a build.
 */
final class Rehearsal {
  private Rehearsal() {}

  /** Runs every command of the file {@code args[0]}: one a line, words separated by a space. */
  public static void main(String[] args) throws IOException {
    Path caches = Files.createTempDirectory("dropsite-rehearsal");
    try {
      for (String line : Files.readAllLines(Path.of(args[0]))) {
        if (!line.isEmpty() && !line.startsWith("#")) {
          run(caches, OutputStream.nullOutputStream(), line.split(" ", -1));
        }
      }
    } finally {
      delete(caches);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /**
   * Runs one command without input and without its results; returns its exit code.
   *
   * @param caches where indexes are kept
   */
  static int run(Path caches, OutputStream messages, String... command) {
    Output results = new Output(OutputStream.nullOutputStream());
    PrintStream talk = new PrintStream(messages, true, StandardCharsets.UTF_8);
    Streams streams =
        new Streams(
            InputStream.nullInputStream(),
            results,
            talk,
            Map.of("XDG_CACHE_HOME", caches.toString()),
            new ArrayList<>());
    int exitCode = Main.PROGRAM.run(streams, command);
    Program.doAfterwards(streams);
    return exitCode;
  }
}
