package dropsite.analyze.kernel;

import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The build-id among ELF notes (gABI, "Note Section") that are written as hexadecimal digits. */
final class BuildIdNote {
  /** The owner's name, {@code GNU} with its zero byte, behind the three words of a note's head. */
  private static final String OWNER = "474e5500";

  private static final int WORD_DIGITS = 8;
  private static final int NT_GNU_BUILD_ID = 3;
  private static final int LONGEST_BYTES = 64;

  private BuildIdNote() {}

  /**
   * Returns the build-id in lower-case hex, or null when there is none.
   *
   * @param hex digits, two a byte, blanks between them
   */
  static @Nullable String in(String hex) {
    String digits = hex.replace(" ", "").toLowerCase(Locale.ROOT);
    int end = digits.length();
    for (int at = digits.indexOf(OWNER); at >= 0; at = digits.indexOf(OWNER, at + 1)) {
      int start = at + WORD_DIGITS;
      int bytes = at < 2 * WORD_DIGITS ? -1 : word(digits, at - 2 * WORD_DIGITS);
      if (bytes > 0
          && bytes <= LONGEST_BYTES
          && word(digits, at - WORD_DIGITS) == NT_GNU_BUILD_ID
          && start + 2 * bytes <= end) {
        return digits.substring(start, start + 2 * bytes);
      }
    }
    return null;
  }

  /** Returns a small word of either byte order, or -1 when it is none. */
  private static int word(String digits, int at) {
    String word = digits.substring(at, at + WORD_DIGITS);
    if (!word.chars().allMatch(HexFormat::isHexDigit)) {
      return -1;
    }
    int value = HexFormat.fromHexDigits(word);
    return value >= 0 && value <= LONGEST_BYTES ? value : Integer.reverseBytes(value);
  }
}
