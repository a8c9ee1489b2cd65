package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Confidence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts together what explains a drop before the recording and after it. The drop was in between:
 * what holds at both ends most likely held then; what holds at one end may have.
 */
final class OverTime {
  private OverTime() {}

  /** Returns what explains it at either moment, that of both first. */
  static List<Attribution> of(
      Scene.Moments states, Function<NetworkState, List<Attribution>> explain) {
    List<Attribution> before = states.before().known() ? explain.apply(states.before()) : List.of();
    List<Attribution> after = states.after().known() ? explain.apply(states.after()) : List.of();
    List<Attribution> both = new ArrayList<>();
    List<Attribution> one = new ArrayList<>();
    for (Attribution each : before) {
      if (isIn(after, each)) {
        both.add(with(each, each.confidence(), "so it was before the recording and after it"));
      } else {
        one.add(
            with(
                each,
                atMostMedium(each),
                !states.after().known()
                    ? "so it was before the recording; there is no snapshot from after it"
                    : "so it was before the recording, "
                        + (states.after().whole()
                            ? "but not after it"
                            : "and the snapshot after it is not whole")));
      }
    }
    for (Attribution each : after) {
      if (!isIn(before, each)) {
        one.add(
            with(
                each,
                atMostMedium(each),
                !states.before().known()
                    ? "so it was after the recording; there is no snapshot from before it"
                    : "so it was after the recording, "
                        + (states.before().whole()
                            ? "but not before it"
                            : "and the snapshot before it is not whole")));
      }
    }
    both.addAll(one);
    return both;
  }

  private static boolean isIn(List<Attribution> list, Attribution wanted) {
    return list.stream().anyMatch(wanted::sameThing);
  }

  private static Confidence atMostMedium(Attribution each) {
    return each.confidence() == Confidence.HIGH ? Confidence.MEDIUM : each.confidence();
  }

  private static Attribution with(Attribution each, Confidence confidence, String sentence) {
    List<String> evidence = new ArrayList<>(each.evidence());
    evidence.add(sentence);
    return new Attribution(
        each.kind(),
        each.text(),
        each.table(),
        each.chain(),
        each.handle(),
        each.counterDelta(),
        confidence,
        evidence,
        each.commands());
  }
}
