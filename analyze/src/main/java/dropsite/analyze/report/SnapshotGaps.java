package dropsite.analyze.report;

import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.capture.host.SnapshotPart;
import dropsite.capture.host.SnapshotPart.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says which parts of a box's snapshots could not be had, or not as a whole. */
final class SnapshotGaps {
  private static final int MOST_NAMED = 6;

  /** Asked of each card; many have no statistics of their own. */
  private static final String CARDS = "ethtool";

  /** In the place of all parts of a network namespace that was not looked at. */
  private static final String SPACE = "netns";

  private SnapshotGaps() {}

  /** Returns a sentence; none where all was had that there was a program to ask for. */
  static List<String> of(Box box) {
    List<String> gaps =
        box.parts().stream()
            .filter(part -> !part.whole() && part.netns() != 0 && !part.name().equals(CARDS))
            .map(part -> inWords(part, box.namespace(part.netns())))
            .distinct()
            .toList();
    if (gaps.isEmpty()) {
      return List.of();
    }
    int more = gaps.size() - MOST_NAMED;
    return List.of(
        "of the snapshots these parts are not whole, so what they lack explains nothing: "
            + String.join(", ", gaps.subList(0, Math.min(gaps.size(), MOST_NAMED)))
            + (more > 0 ? " and " + Wording.plural(more, "other") : ""));
  }

  private static String inWords(SnapshotPart part, @Nullable Namespace namespace) {
    String when =
        part.phase() == Phase.BEFORE
            ? "before"
            : part.phase() == Phase.AFTER ? "after" : "while recording";
    return (part.name().equals(SPACE) ? "all of " : part.name() + " in ")
        + (namespace == null ? "netns " + part.netns() : namespace.inWords())
        + " "
        + when
        + " ("
        + (part.problem().isEmpty() ? "there was more" : part.problem())
        + ")";
  }
}
