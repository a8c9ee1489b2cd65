package dropsite.analyze.network;

/** Numbers as the kernel and its tools print them. */
final class Numbers {
  private static final int HEXADECIMAL = 16;

  private Numbers() {}

  /** Returns a number, decimal or after 0x hexadecimal; a default when the text is none. */
  static long of(String text, long otherwise) {
    try {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text.substring(2), HEXADECIMAL)
          : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** Returns a hexadecimal number without prefix; a default when the text is none. */
  static long hexadecimal(String text, long otherwise) {
    try {
      return Long.parseUnsignedLong(text, HEXADECIMAL);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
