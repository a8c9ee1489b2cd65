package dropsite.cli;

import dropsite.command.Output;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lines of source around a position, marked as the kernel's scripts/faddr2line marks them. */
final class SourceListing {
  private static final int CONTEXT_LINES = 5;

  private SourceListing() {}

  /**
   * Copies the lines around one line of a file, byte for byte.
   *
   * @param line 1-based
   * @throws IOException when the file cannot be read
   */
  static void print(Output out, Path file, long line) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      long number = 1;
      boolean lineStart = true;
      for (int next = in.read(); next >= 0 && number <= line + CONTEXT_LINES; next = in.read()) {
        boolean shown = number >= line - CONTEXT_LINES;
        if (shown && lineStart) {
          out.text(number == line ? ">" + number + "<\t" : " " + number + " \t");
        }
        if (shown) {
          out.write(next);
        }
        lineStart = next == '\n';
        if (lineStart) {
          number++;
        }
      }
      if (!lineStart) {
        out.newline();
      }
    }
  }
}
