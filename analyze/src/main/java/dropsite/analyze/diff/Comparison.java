package dropsite.analyze.diff;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares two reports cause by cause.
 *
 * <p>A change of rate counts when chance alone would hardly bring it about. Independent drops come
 * as a Poisson process; for counts x and y over times s and t, 2 (sqrt(y + 3/8) - sqrt((x + 3/8)
 * r)) / sqrt(1 + r), with r = t / s, is nearly normal when the rates are equal (Anscombe 1948,
 * Huffman 1984). Drops that come in bursts vary more than that, so the bound is wide.
 */
public final class Comparison {
  /** One in 16,000 by chance. */
  static final double MANY_SIGMA = 4;

  /** Stacks of one cause in two kernels have at least so much in common. */
  private static final double ALIKE = 0.5;

  private static final double ANSCOMBE = 3.0 / 8;

  private final Side before;
  private final Side after;
  private final List<Difference> differences = new ArrayList<>();
  private int same;

  /** Compares. */
  public Comparison(Side before, Side after) {
    this.before = before;
    this.after = after;
    Map<Cause, Sighting> left = new HashMap<>();
    before.sightings().forEach(each -> left.put(each.cause(), each));
    List<Sighting> unmatched = new ArrayList<>();
    for (Sighting each : after.sightings()) {
      Sighting known = left.remove(each.cause());
      if (known == null) {
        unmatched.add(each);
      } else {
        add(known, each);
      }
    }
    List<Sighting> rest =
        new ArrayList<>(
            before.sightings().stream().filter(each -> left.containsKey(each.cause())).toList());
    for (Sighting each : unmatched) {
      Sighting alike = alike(each, rest);
      rest.remove(alike);
      add(alike, each);
    }
    rest.forEach(each -> add(each, null));
    differences.sort(
        Comparator.comparing((Difference each) -> each.sighting().benign())
            .thenComparing(
                Comparator.comparingDouble((Difference each) -> Math.abs(each.sigma()))
                    .reversed()));
  }

  private static @Nullable Sighting alike(Sighting one, List<Sighting> others) {
    return others.stream()
        .filter(each -> each.cause().mayBe(one.cause()) && each.likeness(one) >= ALIKE)
        .max(Comparator.comparingDouble(each -> each.likeness(one)))
        .orElse(null);
  }

  private void add(@Nullable Sighting earlier, @Nullable Sighting later) {
    Difference difference =
        new Difference(
            earlier,
            later,
            sigma(earlier == null ? 0 : earlier.count(), later == null ? 0 : later.count()));
    if (earlier == null || later == null || Math.abs(difference.sigma()) >= MANY_SIGMA) {
      differences.add(difference);
    } else {
      same++;
    }
  }

  private double sigma(long x, long y) {
    double ratio = ratio();
    return 2 * (Math.sqrt(y + ANSCOMBE) - Math.sqrt((x + ANSCOMBE) * ratio)) / Math.sqrt(1 + ratio);
  }

  /** Returns how much longer the second was recorded; 1 when not known. */
  private double ratio() {
    Long first = before.recordedNanos();
    Long second = after.recordedNanos();
    return perSecond() && first != null && second != null ? (double) second / first : 1;
  }

  /** Returns whether rates are compared; if not, counts are. */
  boolean perSecond() {
    Long first = before.recordedNanos();
    Long second = after.recordedNanos();
    return first != null && second != null && first > 0 && second > 0;
  }

  Side before() {
    return before;
  }

  Side after() {
    return after;
  }

  /** Returns how many causes come about as often as before. */
  int same() {
    return same;
  }

  /** Returns what differs, most important first, benign findings last. */
  List<Difference> differences() {
    return List.copyOf(differences);
  }

  /** Returns whether both tell the same. */
  public boolean isSame() {
    return differences.isEmpty();
  }
}
