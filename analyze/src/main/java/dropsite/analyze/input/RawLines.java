package dropsite.analyze.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into lines, with bounded memory whatever it holds. */
final class RawLines implements Closeable {
  /** Longer lines arrive in pieces; no stack format comes near it. */
  private static final int LONGEST_BYTES = 1 << 16;

  private final InputStream input;
  private final byte[] buffer = new byte[LONGEST_BYTES];
  private int start;
  private int filled;

  RawLines(InputStream input) {
    this.input = input;
  }

  /** Returns the next line, or null at the end of the input. */
  @Nullable RawLine next() throws IOException {
    int scanned = start;
    while (true) {
      for (int i = scanned; i < filled; i++) {
        if (buffer[i] == '\n') {
          return take(i + 1);
        }
      }
      scanned = filled;
      if (filled == buffer.length && start > 0) {
        System.arraycopy(buffer, start, buffer, 0, filled - start);
        filled -= start;
        scanned = filled;
        start = 0;
      }
      if (filled == buffer.length) {
        return take(filled);
      }
      int read = input.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        return start == filled ? null : take(filled);
      }
      filled += read;
    }
  }

  private RawLine take(int end) {
    int textEnd = end;
    if (textEnd > start && buffer[textEnd - 1] == '\n') {
      textEnd--;
      if (textEnd > start && buffer[textEnd - 1] == '\r') {
        textEnd--;
      }
    }
    String text = new String(buffer, start, textEnd - start, StandardCharsets.ISO_8859_1);
    String ending = new String(buffer, textEnd, end - textEnd, StandardCharsets.ISO_8859_1);
    start = end;
    return new RawLine(text, ending);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
