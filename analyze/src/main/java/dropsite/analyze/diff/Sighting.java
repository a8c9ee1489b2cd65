package dropsite.analyze.diff;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A finding of one of the reports.
 *
 * @param id in its report
 * @param place file and line; null when not known
 * @param functions in its most frequent stack
 */
record Sighting(
    Cause cause,
    String id,
    String title,
    boolean benign,
    @Nullable String place,
    Set<String> functions,
    long count) {

  Sighting {
    functions = Set.copyOf(functions);
  }

  /** Returns both as one, as findings of several boxes are. */
  Sighting and(Sighting other) {
    Sighting larger = count >= other.count ? this : other;
    return new Sighting(
        cause,
        larger.id,
        larger.title,
        benign,
        larger.place,
        larger.functions,
        count + other.count);
  }

  /** Returns how much of the stacks is the same: 0 to 1. */
  double likeness(Sighting other) {
    Set<String> all = new TreeSet<>(functions);
    all.addAll(other.functions);
    Set<String> both = new TreeSet<>(functions);
    both.retainAll(other.functions);
    return all.isEmpty() ? 0 : (double) both.size() / all.size();
  }
}
