package dropsite.analyze.report.html;

import dropsite.analyze.classify.Severity;
import dropsite.analyze.report.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What has a colour of its own in a page: the most frequent of the general classes; what is no loss
 * is one, and stands first.
 *
 * @param names of them; a colour is its index
 */
record Series(List<String> names) {
  private static final String BENIGN = "no loss";
  private static final String OTHERS = "others";
  private static final int MOST_COLOURS = 5;

  /** Copies the list. */
  Series {
    names = List.copyOf(names);
  }

  static Series of(List<Finding> findings) {
    Map<String, Long> counts = new TreeMap<>();
    for (Finding finding : findings) {
      if (finding.classification().severity() != Severity.BENIGN) {
        counts.merge(family(finding), finding.count(), Long::sum);
      }
    }
    List<String> names = new ArrayList<>(List.of(BENIGN));
    counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(MOST_COLOURS)
        .forEach(entry -> names.add(entry.getKey()));
    if (counts.size() > MOST_COLOURS) {
      names.add(OTHERS);
    }
    return new Series(names);
  }

  /** Returns the colour of a finding. */
  int of(Finding finding) {
    if (finding.classification().severity() == Severity.BENIGN) {
      return 0;
    }
    int index = names.lastIndexOf(family(finding));
    return index > 0 ? index : names.size() - 1;
  }

  /** Returns the most general word of its class. */
  static String family(Finding finding) {
    String classId = finding.classification().classId();
    int dot = classId.indexOf('.');
    return dot < 0 ? classId : classId.substring(0, dot);
  }
}
