package dropsite.analyze.report;

/**
 * How many columns of a terminal a text takes: none for marks that combine with the character
 * before, two for the wide characters of East Asia and for pictures (Unicode Standard Annex 11).
 * What joins several characters into one picture is measured as if it did not.
 */
final class Columns {
  /** First and last of ranges whose characters are two columns wide, in ascending order. */
  private static final int[] WIDE = {
    0x1100, 0x115f, 0x2e80, 0x303e, 0x3041, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3,
    0xf900, 0xfaff, 0xfe30, 0xfe6f, 0xff00, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x1b2ff, 0x1f300,
    0x1f64f, 0x1f680, 0x1f6ff, 0x1f900, 0x1f9ff, 0x20000, 0x3fffd
  };

  private Columns() {}

  static int of(String text) {
    int columns = 0;
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      columns += of(character);
      i += Character.charCount(character);
    }
    return columns;
  }

  /** Returns where the part of a text ends that begins at an index and takes at most so many. */
  static int end(String text, int from, int most) {
    int left = most;
    int end = from;
    while (end < text.length()) {
      int character = text.codePointAt(end);
      left -= of(character);
      if (left < 0) {
        break;
      }
      end += Character.charCount(character);
    }
    return end;
  }

  private static int of(int character) {
    if (character < WIDE[0]) {
      return isCombining(character) ? 0 : 1;
    }
    for (int i = 0; i < WIDE.length && WIDE[i] <= character; i += 2) {
      if (character <= WIDE[i + 1]) {
        return 2;
      }
    }
    return isCombining(character) ? 0 : 1;
  }

  private static boolean isCombining(int character) {
    int type = Character.getType(character);
    return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
  }
}
