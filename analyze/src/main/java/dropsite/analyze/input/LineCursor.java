package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * Reads a line piece by piece, left to right.
 *
 * <p>By hand and not by regular expression: hostile lines cannot make it backtrack, and logs hold
 * millions of lines that are no frame.
 */
final class LineCursor {
  /** What stands for an offset or size that is too large for one. */
  static final long TOO_LARGE = Long.MAX_VALUE;

  private final String line;
  private int position;

  LineCursor(String line) {
    this.line = line;
  }

  int position() {
    return position;
  }

  void moveTo(int position) {
    this.position = position;
  }

  boolean atEnd() {
    return position >= line.length();
  }

  /** Skips blanks and returns how many there were. */
  int skipBlanks() {
    int start = position;
    while (!atEnd() && (peek() == ' ' || peek() == '\t')) {
      position++;
    }
    return position - start;
  }

  /** Skips a text when it comes next, and returns whether it did. */
  boolean accept(String text) {
    if (!line.startsWith(text, position)) {
      return false;
    }
    position += text.length();
    return true;
  }

  /** Returns the 1 to 16 hexadecimal digits that come next as a number, or null. */
  @Nullable Long hexDigits(int fewest) {
    int start = position;
    while (!atEnd() && Character.digit(peek(), 16) >= 0 && peek() < 128) {
      position++;
    }
    int digits = position - start;
    if (digits < fewest || digits > 16) {
      position = start;
      return null;
    }
    return Long.parseUnsignedLong(line, start, position, 16);
  }

  /** Returns the number that comes next, hexadecimal after {@code 0x}, else decimal; or null. */
  @Nullable Long number() {
    int start = position;
    if (accept("0x")) {
      Long value = hexDigits(1);
      if (value == null) {
        position = start;
      }
      return value;
    }
    while (!atEnd() && peek() >= '0' && peek() <= '9') {
      position++;
    }
    int digits = position - start;
    if (digits == 0 || digits > 18) {
      position = start;
      return null;
    }
    return Long.parseLong(line, start, position, 10);
  }

  /**
   * Returns the offset or size that comes next, as {@link #number} does; {@link #TOO_LARGE} for one
   * that no number of 63 bits holds.
   */
  @Nullable Long offset() {
    int start = position;
    boolean hexadecimal = accept("0x");
    int radix = hexadecimal ? 16 : 10;
    int digitsStart = position;
    while (!atEnd() && peek() < 128 && Character.digit(peek(), radix) >= 0) {
      position++;
    }
    if (position == digitsStart) {
      position = start;
      return null;
    }
    try {
      return Long.parseLong(line, digitsStart, position, radix);
    } catch (NumberFormatException e) {
      return TOO_LARGE;
    }
  }

  /** Returns the symbol name that comes next, or null. */
  @Nullable String symbol() {
    int start = position;
    if (atEnd() || !isSymbolStart(peek())) {
      return null;
    }
    while (!atEnd() && (isSymbolStart(peek()) || (peek() >= '0' && peek() <= '9'))) {
      position++;
    }
    return line.substring(start, position);
  }

  /** Returns the module in brackets that comes next, blanks before it skipped, or null. */
  @Nullable String module() {
    int start = position;
    skipBlanks();
    int close = line.indexOf(']', position);
    if (!accept("[") || close <= position) {
      position = start;
      return null;
    }
    for (int i = position; i < close; i++) {
      char c = line.charAt(i);
      if (!isSymbolStart(c) && c != '-' && (c < '0' || c > '9')) {
        position = start;
        return null;
      }
    }
    String name = line.substring(position, close);
    position = close + 1;
    return name;
  }

  private char peek() {
    return line.charAt(position);
  }

  private static boolean isSymbolStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '$';
  }
}
