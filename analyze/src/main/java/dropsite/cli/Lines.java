package dropsite.cli;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines of text as their bytes: of a million addresses none need ever become a String.
 *
 * <p>Bytes behind the last line's end belong to a line that has not ended yet.
 */
final class Lines extends AbstractList<String> {
  private byte[] bytes = {};
  private int filled;

  /** Where each line ends, its end mark not counted; one byte behind it the next begins. */
  private int[] ends = new int[16];

  private int count;

  /** Returns these lines, each as it is, whatever characters it contains. */
  static Lines of(List<String> texts) {
    Lines lines = new Lines();
    for (String text : texts) {
      byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
      lines.append(encoded, encoded.length);
      lines.end(lines.filled);
      lines.append(new byte[] {'\n'}, 1);
    }
    return lines;
  }

  /** Adds text: the rest of the unfinished line, and lines that follow. */
  void add(byte[] text, int length) {
    int from = filled;
    append(text, length);
    for (int i = from; i < filled; i++) {
      if (bytes[i] == '\n') {
        end(i);
      }
    }
  }

  /** Ends the unfinished line, if there is one. */
  void finish() {
    if (unfinishedBytes() > 0) {
      end(filled);
    }
  }

  /** Returns the bytes of the line that has not ended. */
  byte[] unfinished() {
    return Arrays.copyOfRange(bytes, filled - unfinishedBytes(), filled);
  }

  /** Returns how many bytes the line has that has not ended. */
  int unfinishedBytes() {
    return Math.max(filled - start(count), 0);
  }

  /** Returns how many bytes there are. */
  int sizeBytes() {
    return filled;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public String get(int line) {
    int start = start(line);
    return new String(bytes, start, ends[line] - start, StandardCharsets.UTF_8);
  }

  /**
   * Returns whether a line is a hexadecimal number of up to 16 digits, after an optional {@code
   * 0x}, and nothing else.
   */
  boolean isHexadecimal(int line) {
    int from = digits(line);
    int to = ends[line];
    if (from >= to || to - from > 16) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (digit(bytes[i]) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the number that a line is for which {@link #isHexadecimal} holds. */
  long hexadecimal(int line) {
    long value = 0;
    for (int i = digits(line); i < ends[line]; i++) {
      value = (value << 4) | digit(bytes[i]);
    }
    return value;
  }

  /** Returns where the digits of a number begin. */
  private int digits(int line) {
    int start = start(line);
    boolean prefix =
        ends[line] - start > 2 && bytes[start] == '0' && (bytes[start + 1] | 0x20) == 'x';
    return prefix ? start + 2 : start;
  }

  private static int digit(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  private int start(int line) {
    return line == 0 ? 0 : ends[line - 1] + 1;
  }

  private void append(byte[] text, int length) {
    if (filled + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(filled + length, 2 * bytes.length));
    }
    System.arraycopy(text, 0, bytes, filled, length);
    filled += length;
  }

  private void end(int at) {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = at;
  }
}
