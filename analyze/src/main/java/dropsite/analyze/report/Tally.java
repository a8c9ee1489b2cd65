package dropsite.analyze.report;

import dropsite.analyze.report.Ranking.Counted;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Counts how often words come up, with bounded memory. */
public final class Tally<T> {
  private static final int MOST_WORDS = 1000;
  private static final int MOST_SHOWN = 5;

  private final Map<T, Long> counts = new HashMap<>();
  private boolean full;
  private long total;

  /** Counts a word; null is none. */
  public void add(@Nullable T word, long times) {
    if (word == null) {
      return;
    }
    total += times;
    if (counts.size() < MOST_WORDS || counts.containsKey(word)) {
      counts.merge(word, times, Long::sum);
    } else {
      full = true;
    }
  }

  /** Returns how often words came up, all together. */
  public long total() {
    return total;
  }

  /**
   * Returns the most frequent words.
   *
   * @param inWords says each of them
   */
  public Ranking ranking(Function<T, String> inWords) {
    List<Counted> top =
        counts.entrySet().stream()
            .map(entry -> new Counted(inWords.apply(entry.getKey()), entry.getValue()))
            .sorted(
                Comparator.comparingLong(Counted::count).reversed().thenComparing(Counted::word))
            .limit(MOST_SHOWN)
            .toList();
    return new Ranking(top, counts.size() - top.size(), full);
  }
}
