package dropsite.analyze.input;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frame lines met last, by their bytes: the same places come up again and again, and parsing
 * them anew is what reading a recording would spend its time on.
 *
 * <p>Bounded by the number of lines, each of which has a longest length. Lines whose hashes lie
 * close push each other out, the oldest first, so that no text makes a search take longer.
 */
final class KnownLines {
  private static final int WAYS = 4;
  private static final int SETS = 1 << 12;

  private final @Nullable Known[] lines = new Known[SETS * WAYS];

  /**
   * Returns what is known of the line that a reader is at, or null.
   *
   * @param hash of the line
   * @param continued the syntax of the stack that the line goes on; null when it would begin one
   */
  @Nullable ReadLine find(RawLines at, long hash, @Nullable FrameSyntax continued) {
    int first = firstOf(hash);
    for (int i = first; i < first + WAYS; i++) {
      Known known = lines[i];
      if (known != null
          && known.hash == hash
          && Objects.equals(known.line.continued(), continued)
          && at.is(known.line.raw())) {
        return known.line;
      }
    }
    return null;
  }

  /**
   * Remembers a line that was not known.
   *
   * @param hash {@link RawLines#hash} of it
   */
  void add(ReadLine line, long hash) {
    int first = firstOf(hash);
    System.arraycopy(lines, first, lines, first + 1, WAYS - 1);
    lines[first] = new Known(line, hash);
  }

  private static int firstOf(long hash) {
    return ((int) hash & (SETS - 1)) * WAYS;
  }

  private record Known(ReadLine line, long hash) {}
}
