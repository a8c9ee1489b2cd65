package dropsite.analyze.input;

import java.nio.charset.StandardCharsets;

/**
 * A line of input with the bytes that ended it.
 *
 * <p>Each char is one byte (ISO 8859-1), so that whatever encoding a log has, or none, it can be
 * written back byte for byte.
 *
 * @param text without its end
 * @param end {@code "\n"}, {@code "\r\n"}, or empty for the last line and for the pieces of an
 *     overlong one
 */
public record RawLine(String text, String end) {

  /** Returns the text read as UTF-8, with replacement characters where it is not. */
  public String decoded() {
    return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
