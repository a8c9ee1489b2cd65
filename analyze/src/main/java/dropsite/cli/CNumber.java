package dropsite.cli;

import java.util.Optional;

/** Non-negative integers written as in C and the shell: 0x hexadecimal, 0 octal, else decimal. */
final class CNumber {
  private CNumber() {}

  /** Returns the value of the whole text, unsigned 64 bits; empty when it is not such a number. */
  static Optional<Long> parse(String text) {
    int radix = radix(text);
    String digits = text.substring(prefixLength(radix));
    if (digits.isEmpty() || digits.startsWith("+") || digits.startsWith("-")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseUnsignedLong(digits, radix));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Returns the value of the longest number at the start of the text; 0 when there is none. */
  static long leading(String text) {
    int radix = radix(text);
    int end = prefixLength(radix);
    while (end < text.length() && Character.digit(text.charAt(end), radix) >= 0) {
      end++;
    }
    return parse(text.substring(0, end)).orElse(0L);
  }

  private static int radix(String text) {
    if (text.startsWith("0x") || text.startsWith("0X")) {
      return 16;
    }
    return text.length() > 1 && text.startsWith("0") ? 8 : 10;
  }

  private static int prefixLength(int radix) {
    return switch (radix) {
      case 16 -> 2;
      case 8 -> 1;
      default -> 0;
    };
  }
}
