package dropsite.analyze.diff;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A cause that two reports tell differently.
 *
 * @param before null when it is not in the first
 * @param after null when it is not in the second
 * @param sigma how many standard deviations of chance the change is away from none; negative for
 *     less
 */
record Difference(@Nullable Sighting before, @Nullable Sighting after, double sigma) {

  /** What happened. */
  enum Kind {
    APPEARED,
    VANISHED,
    MORE,
    LESS;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Kind kind() {
    if (before == null) {
      return Kind.APPEARED;
    }
    return after == null ? Kind.VANISHED : sigma > 0 ? Kind.MORE : Kind.LESS;
  }

  /** Returns the finding, as it is in the later report if it is there. */
  Sighting sighting() {
    Sighting known = after == null ? before : after;
    if (known == null) {
      throw new IllegalStateException("a difference between nothing and nothing");
    }
    return known;
  }

  long countBefore() {
    return before == null ? 0 : before.count();
  }

  long countAfter() {
    return after == null ? 0 : after.count();
  }
}
