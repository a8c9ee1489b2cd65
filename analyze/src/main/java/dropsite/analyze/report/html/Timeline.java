package dropsite.analyze.report.html;

import dropsite.analyze.report.Finding;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.Wording;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the events were: a stack of parts for each slot of time.
 *
 * @param slots those with events
 * @param marks times at the begin, in the middle and at the end
 * @param most of events in one slot
 * @param slotWords how long a slot is
 * @param begins when each slot begins, and when the last one ends
 */
record Timeline(
    List<Slot> slots, List<String> marks, long most, String slotWords, List<String> begins) {
  /** Units from the bottom to the top of the chart. */
  static final int HEIGHT = 1000;

  /**
   * A slot of time.
   *
   * @param x its index
   * @param title what it says when pointed at
   */
  record Slot(int x, String title, List<Part> parts) {}

  /**
   * Events of one colour in a slot.
   *
   * @param y upper edge, counted from the top
   */
  record Part(int series, int y, int height) {}

  /** Returns that of a report; null when no times were recorded. */
  static @Nullable Timeline of(Report report, Survey survey, Series series, Clock clock) {
    Long first = report.totals().firstNanos();
    Long last = report.totals().lastNanos();
    if (first == null || last == null) {
      return null;
    }
    long[][] bySeries = new long[series.names().size()][Survey.SLOTS];
    long[] all = new long[Survey.SLOTS];
    for (int i = 0; i < report.findings().size(); i++) {
      long[] slots = survey.slots[i];
      Finding finding = report.findings().get(i);
      for (int x = 0; slots != null && x < slots.length; x++) {
        bySeries[series.of(finding)][x] += slots[x];
        all[x] += slots[x];
      }
    }
    long most = 1;
    for (long each : all) {
      most = Math.max(most, each);
    }
    List<Slot> slots = new ArrayList<>();
    for (int x = 0; x < Survey.SLOTS; x++) {
      if (all[x] > 0) {
        slots.add(slot(x, bySeries, most, series, clock.time(survey.startOf(x))));
      }
    }
    List<String> begins = new ArrayList<>();
    for (int x = 0; x <= Survey.SLOTS; x++) {
      begins.add(clock.time(survey.startOf(x)));
    }
    return new Timeline(
        slots,
        List.of(begins.getFirst(), begins.get(Survey.SLOTS / 2), begins.getLast()),
        most,
        Wording.duration((last - first) / Survey.SLOTS),
        begins);
  }

  private static Slot slot(int x, long[][] bySeries, long most, Series series, String time) {
    List<Part> parts = new ArrayList<>();
    StringBuilder title = new StringBuilder(time);
    int y = HEIGHT;
    for (int i = 1; i <= bySeries.length; i++) {
      // What is no loss stands on top of the losses.
      int colour = i % bySeries.length;
      long count = bySeries[colour][x];
      if (count > 0) {
        int height = (int) Math.max(8, count * (HEIGHT - 60) / most);
        y -= height;
        parts.add(new Part(colour, y, height));
        title.append("\u2002").append(series.names().get(colour)).append(" ");
        title.append(Wording.count(count));
      }
    }
    return new Slot(x, title.toString(), parts);
  }
}
