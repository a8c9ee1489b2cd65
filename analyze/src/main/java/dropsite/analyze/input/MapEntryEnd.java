package dropsite.analyze.input;

/**
 * The last line of an entry of bpftrace's maps, {@code ]: n} or {@code , comm]: n}, which says how
 * often the stack above it came up.
 */
final class MapEntryEnd {
  private static final String BEFORE_COUNT = "]: ";

  private MapEntryEnd() {}

  static boolean is(String line) {
    return (line.startsWith(BEFORE_COUNT) || line.startsWith(", ")) && line.contains(BEFORE_COUNT);
  }

  /** Returns the count, 1 when the line is another. */
  static long countOf(String line) {
    if (!is(line)) {
      return 1;
    }
    LineCursor cursor = LineCursor.of(line);
    cursor.moveTo(line.lastIndexOf(BEFORE_COUNT) + BEFORE_COUNT.length());
    Long count = cursor.number();
    return count != null && count > 0 && cursor.atEnd() ? count : 1;
  }
}
