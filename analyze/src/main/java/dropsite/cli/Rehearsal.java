package dropsite.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the commands of a file in one JVM, so that the ahead-of-time cache, which is trained by one
 * run, knows the classes of all of them. The launcher does this after a build.
 */
final class Rehearsal {
  private Rehearsal() {}

  /** Runs every command of the file {@code args[0]}: one a line, words separated by a space. */
  public static void main(String[] args) throws IOException {
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        run(OutputStream.nullOutputStream(), line.split(" ", -1));
      }
    }
  }

  /** Runs one command without input and without its results; returns its exit code. */
  static int run(OutputStream messages, String... command) {
    Output results = new Output(OutputStream.nullOutputStream());
    PrintStream talk = new PrintStream(messages, true, StandardCharsets.UTF_8);
    return Main.run(new Streams(InputStream.nullInputStream(), results, talk), command);
  }
}
