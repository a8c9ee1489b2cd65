package dropsite.analyze.diff;

import dropsite.analyze.report.TextPage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints a comparison for people. */
public final class ComparisonText {
  private static final double SECOND_NANOS = 1e9;

  private static final String INDENT = "    ";

  private final TextPage page;

  /**
   * @param page takes it
   */
  public ComparisonText(TextPage page) {
    this.page = page;
  }

  /** Prints. */
  public void print(Comparison comparison) {
    say("before", comparison.before());
    say("after ", comparison.after());
    if (!comparison.perSecond()) {
      head("counts are compared: it is not recorded how long both took");
    }
    for (Difference each : comparison.differences()) {
      page.blank();
      print(each, comparison);
    }
    page.blank();
    head(
        comparison.differences().size()
            + " different, "
            + comparison.same()
            + " as often as before, as far as chance tells");
  }

  private void say(String which, Side side) {
    Long lost = side.lost();
    head(
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
    head(
        difference.kind().word()
            + (sighting.benign() ? " (benign)" : "")
            + "  "
            + sighting.title());
    tell(
        amount(difference.countBefore(), comparison.before(), comparison)
            + " -> "
            + amount(difference.countAfter(), comparison.after(), comparison)
            + (few ? "  (so few that it may be chance)" : ""));
    tell(
        cause.classId()
            + (cause.function() == null ? "" : " in " + cause.function())
            + (cause.caller() == null ? "" : ", from " + cause.caller())
            + (cause.reason() == null ? "" : ", reason " + cause.reason())
            + (cause.namespace() == null ? "" : ", namespace " + cause.namespace()));
    if (!cause.attribution().isEmpty()) {
      tell(cause.attribution().getFirst() + " " + cause.attribution().getLast());
    }
    String moved = moved(difference);
    if (moved != null) {
      tell(moved);
    }
  }

  private void head(String text) {
    page.paragraph("", INDENT.length(), text);
  }

  private void tell(String text) {
    page.paragraph(INDENT, INDENT.length() + 2, text);
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
