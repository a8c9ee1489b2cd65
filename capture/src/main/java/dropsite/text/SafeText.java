package dropsite.text;

import java.util.HexFormat;

/**
 * Makes text from outside fit for a terminal: names of tasks and interfaces, rules and logs are
 * written by whoever sends packets.
 */
public final class SafeText {
  private static final int DELETE = 0x7f;
  private static final int LAST_C1 = 0x9f;

  private SafeText() {}

  /**
   * Returns the text with control characters, line breaks and marks that change the direction of
   * writing shown as {@code \xNN} or {@code \}{@code uNNNN}.
   */
  public static String of(String text) {
    int clean = 0;
    while (clean < text.length() && !isUnsafe(text.charAt(clean))) {
      clean++;
    }
    if (clean == text.length()) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isUnsafe(c)) {
        result.append(c);
      } else if (c <= LAST_C1) {
        result.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
      } else {
        result.append("\\u").append(HexFormat.of().toHexDigits(c));
      }
    }
    return result.toString();
  }

  private static boolean isUnsafe(char c) {
    return c < ' '
        || (c >= DELETE && c <= LAST_C1)
        || c == 0x061c
        || (c >= 0x200b && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2060 && c <= 0x2069)
        || c == 0xfeff
        || (c >= 0xfff9 && c <= 0xfffb);
  }
}
