package dropsite.analyze.diff;

import dropsite.text.SafeText;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Prints a comparison for people. */
public final class ComparisonText {
  private static final double SECOND_NANOS = 1e9;

  private final Consumer<String> out;

  /**
   * @param out takes it line by line
   */
  public ComparisonText(Consumer<String> out) {
    this.out = line -> out.accept(SafeText.of(line));
  }

  /** Prints. */
  public void print(Comparison comparison) {
    say("before", comparison.before());
    say("after ", comparison.after());
    if (!comparison.perSecond()) {
      out.accept("counts are compared: it is not recorded how long both took");
    }
    for (Difference each : comparison.differences()) {
      out.accept("");
      print(each, comparison);
    }
    out.accept("");
    out.accept(
        comparison.differences().size()
            + " different, "
            + comparison.same()
            + " as often as before, as far as chance tells");
  }

  private void say(String which, Side side) {
    Long lost = side.lost();
    out.accept(
        which
            + "  "
            + side.name()
            + ": "
            + side.events()
            + " events"
            + (side.recordedNanos() == null
                ? ""
                : String.format(Locale.ROOT, " in %.1f s", side.recordedNanos() / SECOND_NANOS))
            + (lost == null || lost == 0 ? "" : ", " + lost + " lost"));
  }

  private void print(Difference difference, Comparison comparison) {
    Sighting sighting = difference.sighting();
    Cause cause = sighting.cause();
    boolean few = Math.abs(difference.sigma()) < Comparison.MANY_SIGMA;
    out.accept(
        difference.kind().word()
            + (sighting.benign() ? " (benign)" : "")
            + "  "
            + sighting.title());
    out.accept(
        "    "
            + amount(difference.countBefore(), comparison.before(), comparison)
            + " -> "
            + amount(difference.countAfter(), comparison.after(), comparison)
            + (few ? "  (so few that it may be chance)" : ""));
    out.accept(
        "    "
            + cause.classId()
            + (cause.function() == null ? "" : " in " + cause.function())
            + (cause.caller() == null ? "" : ", from " + cause.caller())
            + (cause.reason() == null ? "" : ", reason " + cause.reason())
            + (cause.namespace() == null ? "" : ", namespace " + cause.namespace()));
    if (!cause.attribution().isEmpty()) {
      out.accept("    " + cause.attribution().getFirst() + " " + cause.attribution().getLast());
    }
    String moved = moved(difference);
    if (moved != null) {
      out.accept("    " + moved);
    }
  }

  private static @Nullable String moved(Difference difference) {
    String from = difference.before() == null ? null : difference.before().place();
    String to = difference.after() == null ? null : difference.after().place();
    if (from == null || to == null || from.equals(to)) {
      return to == null ? from : to;
    }
    return from + " -> " + to;
  }

  private static String amount(long count, Side side, Comparison comparison) {
    Long nanos = side.recordedNanos();
    return comparison.perSecond() && nanos != null
        ? String.format(Locale.ROOT, "%d (%.3g/s)", count, count / (nanos / SECOND_NANOS))
        : String.valueOf(count);
  }
}
