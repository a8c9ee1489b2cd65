package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

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

  /** Returns the count, 1 where it is no number; null when the line is another. */
  static @Nullable Long countOf(LineCursor line) {
    int begin = line.position();
    boolean bracket = line.accept(BEFORE_COUNT);
    if (!bracket && !line.accept(", ")) {
      return null;
    }
    if (!bracket && !line.skipBehindLast(BEFORE_COUNT)) {
      line.moveTo(begin);
      return null;
    }
    Long count = line.number();
    boolean whole = count != null && count > 0 && line.atEnd();
    line.moveTo(begin);
    return whole ? count : Long.valueOf(1);
  }
}
