package dropsite.capture.filter;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names that somebody may have meant who wrote another. */
final class NearNames {
  private static final int MOST = 5;

  private NearNames() {}

  /** Returns those of the names that hold the text or differ from it by little, best first. */
  static List<String> of(String text, Collection<String> names) {
    int most = Math.max(2, text.length() / 3);
    return names.stream()
        .filter(name -> name.contains(text) || distance(text, name) <= most)
        .sorted(
            Comparator.<String>comparingInt(name -> distance(text, name))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST)
        .toList();
  }

  /** How many letters to insert, leave out or exchange to make one of the other (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int i = 0; i < row.length; i++) {
      row[i] = i;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int exchanged = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(exchanged, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
