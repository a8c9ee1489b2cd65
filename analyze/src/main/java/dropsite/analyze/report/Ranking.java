package dropsite.analyze.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Words by how often they came up.
 *
 * @param top the most frequent, most frequent first; words come from the box as they are
 * @param others how many further words there are
 * @param moreOthers whether there are even more, which were not kept apart
 */
public record Ranking(List<Counted> top, long others, boolean moreOthers) {

  /** No words. */
  public static final Ranking EMPTY = new Ranking(List.of(), 0, false);

  /** A word, and how often it came up. */
  public record Counted(String word, long count) {}

  /** Copies the list. */
  public Ranking {
    top = List.copyOf(top);
  }

  /** Returns whether there are no words. */
  public boolean isEmpty() {
    return top.isEmpty();
  }

  /** Returns the words, with their counts when there are several, for a person. */
  public List<String> inWords() {
    List<String> words = new ArrayList<>();
    for (Counted each : top) {
      words.add(
          top.size() == 1 && others == 0 ? each.word() : each.word() + " (" + each.count() + ")");
    }
    if (others > 0) {
      words.add((moreOthers ? "more than " : "") + others + " others");
    }
    return words;
  }
}
