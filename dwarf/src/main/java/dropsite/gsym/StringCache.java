package dropsite.gsym;

import org.jspecify.annotations.Nullable;

/**
 * Strings made lately, by number, so that the same name is one String most of the time.
 *
 * <p>Bounded: a string takes the place of another. Threads need no lock, because an entry does not
 * change once made; what one of them overlooks is made again.
 */
final class StringCache {
  /** Real names are shorter; long ones in damaged files must not fill the memory. */
  private static final int LONGEST = 512;

  private static final int MOST_ENTRIES = 1 << 16;

  private record Entry(long number, String string) {}

  private final @Nullable Entry[] entries;

  /**
   * @param expected how many strings there are, or about
   */
  StringCache(long expected) {
    this.entries = new Entry[Integer.highestOneBit(Math.clamp(expected, 1, MOST_ENTRIES))];
  }

  /** Returns the string kept under a number; null when there is none. */
  @Nullable String get(long number) {
    Entry entry = entries[place(number)];
    return entry != null && entry.number == number ? entry.string : null;
  }

  /** Keeps a string and returns it. */
  String put(long number, String string) {
    if (string.length() <= LONGEST) {
      entries[place(number)] = new Entry(number, string);
    }
    return string;
  }

  private int place(long number) {
    // Offsets of strings lie apart, numbers of files do not; this spreads both.
    return (int) ((number * 0x9e3779b97f4a7c15L) >>> 40) & (entries.length - 1);
  }
}
