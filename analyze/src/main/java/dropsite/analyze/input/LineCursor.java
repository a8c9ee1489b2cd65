package dropsite.analyze.input;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a line piece by piece, left to right.
 *
 * <p>By hand and not by regular expression: hostile lines cannot make it backtrack, and logs hold
 * millions of lines that are no frame. From bytes where they lie, for the same reason.
 */
final class LineCursor {
  /** What stands for an offset or size that is too large for one. */
  static final long TOO_LARGE = Long.MAX_VALUE;

  /** Fewer digits are no address of a kernel, whatever its machine. */
  private static final int FEWEST_ADDRESS_DIGITS = 8;

  private final byte[] bytes;
  private final int start;
  private final int end;
  private int position;

  /**
   * @param bytes not copied
   * @param start where the line begins in them
   * @param end behind its last byte, its newline left out
   */
  LineCursor(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.position = start;
  }

  /** Reads a text of which each char is one byte. */
  static LineCursor of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return new LineCursor(bytes, 0, bytes.length);
  }

  /** Returns how many bytes of the line have been read. */
  int position() {
    return position - start;
  }

  /** Moves to where a number of bytes have been read. */
  void moveTo(int position) {
    this.position = start + position;
  }

  boolean atEnd() {
    return position >= end;
  }

  /** Returns the byte that comes next, or -1 at the end. */
  int peek() {
    return atEnd() ? -1 : bytes[position];
  }

  /** Returns the byte at a number of bytes from the start of the line, or -1 behind its end. */
  int at(int index) {
    return index < 0 || index >= end - start ? -1 : bytes[start + index];
  }

  /** Skips to the next blank or the end, and returns how many bytes that were. */
  int skipWord() {
    int begin = position;
    while (!atEnd() && bytes[position] != ' ' && bytes[position] != '\t') {
      position++;
    }
    return position - begin;
  }

  /** Returns whether the line ends in a text that has not been read yet. */
  boolean endsWith(String text) {
    int begin = position;
    position = Math.max(begin, end - text.length());
    boolean ends = accept(text) && atEnd();
    position = begin;
    return ends;
  }

  /** Skips blanks and returns how many there were. */
  int skipBlanks() {
    int begin = position;
    while (!atEnd() && (bytes[position] == ' ' || bytes[position] == '\t')) {
      position++;
    }
    return position - begin;
  }

  /** Skips a text, each char of it one byte, when it comes next, and returns whether it did. */
  boolean accept(String text) {
    int length = text.length();
    if (length > end - position) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if ((bytes[position + i] & 0xff) != text.charAt(i)) {
        return false;
      }
    }
    position += length;
    return true;
  }

  /** Returns whether a text comes next. */
  boolean comes(String text) {
    int begin = position;
    boolean comes = accept(text);
    position = begin;
    return comes;
  }

  /** Moves behind the last place where a text stands, and returns whether there is one. */
  boolean skipBehindLast(String text) {
    int begin = position;
    for (int i = end - text.length(); i >= begin; i--) {
      position = i;
      if (accept(text)) {
        return true;
      }
    }
    position = begin;
    return false;
  }

  /** Moves behind the next place where a byte stands, and returns whether there is one. */
  boolean skipBehind(char of) {
    for (int i = position; i < end; i++) {
      if (bytes[i] == of) {
        position = i + 1;
        return true;
      }
    }
    return false;
  }

  /** Returns what has not been read, each byte as one char (ISO 8859-1), and does not skip it. */
  String remaining() {
    return text(position, end);
  }

  /** Moves behind the next place where a text stands, and returns whether there is one. */
  boolean skipBehind(String text) {
    int begin = position;
    for (int i = begin; i <= end - text.length(); i++) {
      position = i;
      if (accept(text)) {
        return true;
      }
    }
    position = begin;
    return false;
  }

  /** Returns what comes before a text, both skipped, read as UTF-8; null when it comes nowhere. */
  @Nullable String before(String text) {
    int begin = position;
    return skipBehind(text) ? decoded(begin, position - text.length()) : null;
  }

  /** Returns everything up to the next blank or the end, read as UTF-8; maybe nothing. */
  String word() {
    int begin = position;
    while (!atEnd() && bytes[position] != ' ' && bytes[position] != '\t') {
      position++;
    }
    return decoded(begin, position);
  }

  /** Returns everything that comes next, blanks around it left out, read as UTF-8. */
  String rest() {
    int begin = position;
    position = end;
    return decoded(begin, end).strip();
  }

  /** Returns the 1 to 16 hexadecimal digits that come next as a number, or null. */
  @Nullable Long hexDigits(int fewest) {
    int begin = position;
    long value = 0;
    for (int digit = digit(16); digit >= 0; digit = digit(16)) {
      value = value << 4 | digit;
      position++;
    }
    int digits = position - begin;
    if (digits < fewest || digits > 16) {
      position = begin;
      return null;
    }
    return value;
  }

  /** Returns the 8 to 16 hexadecimal digits that come next as an address, or null. */
  @Nullable Long address() {
    return hexDigits(FEWEST_ADDRESS_DIGITS);
  }

  /** Returns the address between two texts that come next, all skipped, or null. */
  @Nullable Long addressBetween(String open, String close) {
    int begin = position;
    if (accept(open)) {
      Long address = address();
      if (address != null && accept(close)) {
        return address;
      }
    }
    position = begin;
    return null;
  }

  /** Returns the number that comes next, hexadecimal after {@code 0x}, else decimal; or null. */
  @Nullable Long number() {
    int begin = position;
    if (accept("0x")) {
      Long value = hexDigits(1);
      if (value == null) {
        position = begin;
      }
      return value;
    }
    long value = 0;
    for (int digit = digit(10); digit >= 0; digit = digit(10)) {
      value = value * 10 + digit;
      position++;
    }
    int digits = position - begin;
    if (digits == 0 || digits > 18) {
      position = begin;
      return null;
    }
    return value;
  }

  /**
   * Returns the offset or size that comes next, as {@link #number} does; {@link #TOO_LARGE} for one
   * that no number of 63 bits holds.
   */
  @Nullable Long offset() {
    int begin = position;
    int radix = accept("0x") ? 16 : 10;
    int digitsStart = position;
    long value = 0;
    for (int digit = digit(radix); digit >= 0; digit = digit(radix)) {
      value = value > (TOO_LARGE - digit) / radix ? TOO_LARGE : value * radix + digit;
      position++;
    }
    if (position == digitsStart) {
      position = begin;
      return null;
    }
    return value;
  }

  /** Returns the symbol name that comes next, or null. */
  @Nullable String symbol() {
    int begin = position;
    return skipSymbol() ? text(begin, position) : null;
  }

  /**
   * Returns the symbol name that comes next when a text follows it, both skipped, or null. Makes no
   * name of the words that ordinary lines begin with.
   */
  @Nullable String symbolBefore(String text) {
    int begin = position;
    if (skipSymbol()) {
      int nameEnd = position;
      if (accept(text)) {
        return text(begin, nameEnd);
      }
    }
    position = begin;
    return null;
  }

  private boolean skipSymbol() {
    if (atEnd() || !isSymbolStart(bytes[position])) {
      return false;
    }
    do {
      position++;
    } while (!atEnd() && (isSymbolStart(bytes[position]) || digit(10) >= 0));
    return true;
  }

  /** Returns the name that comes next as modules have them, or null. */
  @Nullable String moduleName() {
    int begin = position;
    while (!atEnd()
        && (isSymbolStart(bytes[position]) || bytes[position] == '-' || digit(10) >= 0)) {
      position++;
    }
    return position == begin ? null : text(begin, position);
  }

  /**
   * Skips the word that comes next, up to a blank or bracket, and returns it when it is a {@code
   * file:line}, else null.
   */
  @Nullable String sourceLine() {
    int begin = position;
    int colon = -1;
    while (!atEnd() && " \t()".indexOf(bytes[position]) < 0) {
      colon = bytes[position] == ':' ? position : colon;
      position++;
    }
    int wordEnd = position;
    position = colon + 1;
    boolean numbered = colon > begin && number() != null && position == wordEnd;
    position = Math.max(wordEnd, begin);
    return numbered ? text(begin, wordEnd) : null;
  }

  /** Returns the hexadecimal digits that come next as text, or null when they are fewer. */
  @Nullable String hexText(int fewest) {
    int begin = position;
    while (digit(16) >= 0) {
      position++;
    }
    if (position - begin < fewest) {
      position = begin;
      return null;
    }
    return text(begin, position);
  }

  private String decoded(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** Returns the value of the digit that comes next, or -1. */
  private int digit(int radix) {
    if (atEnd()) {
      return -1;
    }
    byte b = bytes[position];
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int letter = (b | 0x20) - 'a';
    return radix == 16 && letter >= 0 && letter < 6 ? letter + 10 : -1;
  }

  private static boolean isSymbolStart(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '_' || b == '.' || b == '$';
  }
}
