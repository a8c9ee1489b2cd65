package dropsite.analyze.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts how often words come up, with bounded memory. */
final class Tally {
  private static final int MOST_WORDS = 1000;
  private static final int MOST_SHOWN = 5;

  private final Map<String, Long> counts = new HashMap<>();
  private boolean full;

  void add(String word, long times) {
    if (counts.size() < MOST_WORDS || counts.containsKey(word)) {
      counts.merge(word, times, Long::sum);
    } else {
      full = true;
    }
  }

  /** Returns the most frequent words, with their counts when there are several. */
  List<String> top() {
    List<Map.Entry<String, Long>> sorted =
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    List<String> words =
        new ArrayList<>(
            sorted.stream()
                .limit(MOST_SHOWN)
                .map(entry -> sorted.size() == 1 ? entry.getKey() : withCount(entry))
                .toList());
    if (sorted.size() > MOST_SHOWN) {
      words.add((full ? "more than " : "") + (sorted.size() - MOST_SHOWN) + " others");
    }
    return words;
  }

  private static String withCount(Map.Entry<String, Long> entry) {
    return entry.getKey() + " (" + entry.getValue() + ")";
  }
}
