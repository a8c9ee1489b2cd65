package dropsite.capture.file;

import dropsite.bytes.ByteCursor;

/**
 * How many fields the records of a file may have: more than a recording of a month, and few enough
 * that a small file, which may unfold to a thousand times its size, keeps no reader for long.
 */
final class FieldBudget {
  private static final int MOST_FIELDS = 50_000_000;

  private int left = MOST_FIELDS;

  /** Takes one. */
  void take(ByteCursor at) {
    left--;
    if (left < 0) {
      throw at.malformed("the file has more than " + MOST_FIELDS + " fields");
    }
  }
}
