package dropsite.analyze.report.html;

import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.report.EventRow;
import dropsite.analyze.report.EventTable;
import dropsite.analyze.report.Finding;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.Tally;
import dropsite.analyze.report.Totals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a page takes from the rows of events, in one pass over them. */
final class Survey {
  /** Slots of time. */
  static final int SLOTS = 120;

  private static final int MOST_ROWS = 3000;
  private static final int MOST_ROWS_EACH = 100;
  private static final int LEAST_ROWS_EACH = 5;

  private final Report report;
  private final int shown;
  private final int rowsEach;
  private final @Nullable Long start;
  private final double slotNanos;

  /** Events by finding and slot. */
  final long[][] slots;

  /** The first events of each finding. */
  final List<List<EventRow>> rows = new ArrayList<>();

  final Tally<String> who = new Tally<>();
  final Tally<String> interfaces = new Tally<>();
  final Tally<String> namespaces = new Tally<>();
  final Tally<String> packets = new Tally<>();

  /**
   * @param shown how many of the findings are told of one by one
   */
  Survey(Report report, int shown) {
    this.report = report;
    this.shown = shown;
    this.rowsEach = Math.clamp(MOST_ROWS / Math.max(1, shown), LEAST_ROWS_EACH, MOST_ROWS_EACH);
    Totals totals = report.totals();
    start = totals.firstNanos();
    Long last = totals.lastNanos();
    slotNanos = start == null || last == null ? 1 : Math.max(1, (last - start) / (double) SLOTS);
    slots = new long[report.findings().size()][];
    for (int i = 0; i < shown; i++) {
      rows.add(new ArrayList<>());
    }
    EventTable events = report.events();
    for (int i = 0; i < events.size(); i++) {
      if (events.finding(i) >= 0) {
        add(events.row(i));
      }
    }
  }

  private void add(EventRow row) {
    int finding = row.finding();
    Long time = row.timeNanos();
    if (time != null) {
      if (slots[finding] == null) {
        slots[finding] = new long[SLOTS];
      }
      slots[finding][slot(time)] += row.count();
    }
    if (finding < shown && rows.get(finding).size() < rowsEach) {
      rows.get(finding).add(row);
    }
    Finding of = report.findings().get(finding);
    if (of.classification().severity() != Severity.BENIGN) {
      who.add(row.comm(), row.count());
      interfaces.add(row.interfaceName(), row.count());
      namespaces.add(space(row), row.count());
      packets.add(row.packet() == null ? null : row.packet().protocol(), row.count());
    }
  }

  /** Returns the slot that a time lies in. */
  int slot(long nanos) {
    return start == null ? 0 : Math.clamp((long) ((nanos - start) / slotNanos), 0, SLOTS - 1);
  }

  /** Returns when a slot begins; null when no times were recorded. */
  @Nullable Long startOf(int slot) {
    return start == null ? null : Long.valueOf(start + (long) (slot * slotNanos));
  }

  /** Returns the namespace of an event in a few words; null when it was not recorded. */
  @Nullable String space(EventRow row) {
    Long netns = row.netns();
    if (netns == null) {
      return null;
    }
    Namespace namespace = report.boxes().get(row.box()).box().namespace(netns);
    return namespace == null ? "netns " + netns : namespace.inWords();
  }
}
