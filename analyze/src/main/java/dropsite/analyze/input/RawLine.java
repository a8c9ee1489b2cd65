package dropsite.analyze.input;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A line of input with the bytes that ended it.
 *
 * <p>Kept as bytes, so that whatever encoding a log has, or none, it can be written back byte for
 * byte.
 */
public final class RawLine {
  private final byte[] bytes;
  private final int textLength;

  /**
   * @param bytes the line with its end; not copied
   * @param textLength how many of them come before its end
   */
  RawLine(byte[] bytes, int textLength) {
    this.bytes = bytes;
    this.textLength = textLength;
  }

  /** Returns the text without its end, each byte as one char (ISO 8859-1). */
  String text() {
    return new String(bytes, 0, textLength, StandardCharsets.ISO_8859_1);
  }

  /** Returns the text read as UTF-8, with replacement characters where it is not. */
  public String decoded() {
    return new String(bytes, 0, textLength, StandardCharsets.UTF_8);
  }

  /**
   * Returns {@code "\n"}, {@code "\r\n"}, or nothing for the last line and for the pieces of an
   * overlong one.
   */
  public String end() {
    return new String(bytes, textLength, bytes.length - textLength, StandardCharsets.ISO_8859_1);
  }

  /** Returns how many bytes the line has, its end included. */
  int length() {
    return bytes.length;
  }

  /** Returns whether the line ends; the last one, and pieces of an overlong one, need not. */
  public boolean ends() {
    return textLength < bytes.length;
  }

  /** Writes the line and its end as they stand in the input. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes);
  }

  /** Returns whether the line, with its end, is these bytes of an array. */
  boolean is(byte[] other, int start, int end) {
    return Arrays.equals(bytes, 0, bytes.length, other, start, end);
  }
}
