package dropsite.cli;

import java.util.Optional;

/**
 * An address as people give it to addr2line: hexadecimal, or a symbol with an optional offset.
 *
 * @param text as given, without white space around it
 */
record AddressText(String text) {

  AddressText {
    text = text.strip();
  }

  /**
   * Returns the leading hexadecimal digits, after an optional {@code 0x}; empty when there is none
   * or the value has more than 64 bits.
   */
  Optional<Long> hexadecimal() {
    int start = text.startsWith("0x") || text.startsWith("0X") ? 2 : 0;
    int end = digitsFrom(start);
    int first = start;
    while (first < end - 1 && text.charAt(first) == '0') {
      first++;
    }
    if (end == start || end - first > 16) {
      return Optional.empty();
    }
    return Optional.of(Long.parseUnsignedLong(text, first, end, 16));
  }

  /** Returns whether this may be a symbol: a plus sign follows, or it is no hexadecimal number. */
  boolean maybeSymbol() {
    if (text.isEmpty() || !isSymbolStart(text.charAt(0))) {
      return false;
    }
    return text.indexOf('+') > 0 || digitsFrom(0) < text.length();
  }

  /** Returns the part before the plus sign. */
  String symbol() {
    int plus = text.indexOf('+');
    return (plus < 0 ? text : text.substring(0, plus)).stripTrailing();
  }

  /** Returns the number behind the plus sign, in bytes: decimal, or hexadecimal with 0x; else 0. */
  long symbolOffset() {
    int plus = text.indexOf('+');
    return plus < 0 ? 0 : CNumber.leading(text.substring(plus + 1));
  }

  /** Returns where the hexadecimal digits end that start at an index. */
  private int digitsFrom(int start) {
    int end = start;
    while (end < text.length() && isHexDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isSymbolStart(char c) {
    return Character.isLetter(c) || c == '_' || c == '$' || c == '.';
  }

  private static boolean isHexDigit(char c) {
    return Character.digit(c, 16) >= 0 && c < 0x80;
  }
}
