package dropsite.analyze.report.html;

import dropsite.analyze.classify.Severity;
import dropsite.analyze.report.EventRow;
import dropsite.analyze.report.Finding;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.Totals;
import dropsite.analyze.report.Wording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the templates print: a report, cut to what a browser opens at once.
 *
 * @param report that it is of
 * @param findings those told of one by one
 * @param rows the first events of each
 * @param data for the scripts, JSON
 */
record Page(
    Report report,
    Assets assets,
    Series series,
    List<Panel> panels,
    @Nullable Timeline timeline,
    List<FindingView> findings,
    List<PacketRow> rows,
    List<BoxView> boxes,
    boolean flames,
    String data) {
  private static final int MOST_FINDINGS = 250;
  private static final long WORDS_BYTES = 2_500_000;
  private static final int WORDS_ALWAYS = 100;
  private static final long ROWS_BYTES = 800_000;
  private static final int ROWS_ALWAYS = 24;
  private static final long SNAPSHOT_BYTES = 1_500_000;
  private static final int SNAPSHOT_ALWAYS = 100;

  static Page of(Report report) {
    int shown = Math.min(report.findings().size(), MOST_FINDINGS);
    Survey survey = new Survey(report, shown);
    Series series = Series.of(report.findings());
    Clock clock = new Clock(report.totals());
    Room room = new Room(WORDS_BYTES, WORDS_ALWAYS);
    Room rowsRoom = new Room(ROWS_BYTES, ROWS_ALWAYS);
    List<FindingView> findings = new ArrayList<>();
    List<PacketRow> rows = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      Finding finding = report.findings().get(i);
      FindingView view =
          FindingView.of(
              finding,
              i,
              series.of(finding),
              report.boxes().get(finding.box()),
              report.boxes().size() == 1,
              survey.rows.get(i).size(),
              room);
      findings.add(view);
      for (EventRow row : survey.rows.get(i)) {
        boolean first = rows.isEmpty() || rows.getLast().of().index() != view.index();
        rows.add(PacketRow.of(row, view, survey, clock, first, rowsRoom));
      }
    }
    Room snapshotRoom = new Room(SNAPSHOT_BYTES, SNAPSHOT_ALWAYS);
    List<BoxView> boxes =
        report.boxes().stream().map(box -> BoxView.of(box, clock, room, snapshotRoom)).toList();
    Timeline timeline = Timeline.of(report, survey, series, clock);
    PageData data = new PageData(report, survey, timeline, shown);
    return new Page(
        report,
        Assets.load(data.hasFlames()),
        series,
        Panel.of(report, survey),
        timeline,
        findings,
        rows,
        boxes,
        data.hasFlames(),
        data.json());
  }

  /** Returns how many packets are known to be lost, as events tell. */
  long dropped() {
    return events(Severity.DROP);
  }

  /** Returns how many packets may be lost. */
  long unknown() {
    return events(Severity.UNKNOWN);
  }

  /** Returns how many events were no loss. */
  long freed() {
    return events(Severity.BENIGN);
  }

  /** Returns how many packets were lost without an event. */
  long silent() {
    return count(finding -> finding.stacks().isEmpty());
  }

  private long events(Severity severity) {
    return count(
        finding -> !finding.stacks().isEmpty() && finding.classification().severity() == severity);
  }

  private long count(Predicate<Finding> which) {
    return report.findings().stream().filter(which).mapToLong(Finding::count).sum();
  }

  /** Returns the answer in one line. */
  String headline() {
    if (dropped() > 0) {
      return Wording.plural(dropped(), "packet") + " dropped";
    }
    if (silent() > 0) {
      String doubt = Wording.silentInDoubt(report) ? "Perhaps " : "";
      return doubt + Wording.plural(silent(), "packet") + " lost silently";
    }
    return unknown() == 0
        ? "No packet was lost"
        : Wording.plural(unknown(), "packet") + " freed, and it cannot be told why";
  }

  /** Returns the finding with the most losses, silent ones last; null when nothing was lost. */
  @Nullable FindingView main() {
    return losses().stream()
        .min(Comparator.comparing(view -> view.finding().stacks().isEmpty()))
        .orElse(null);
  }

  /** Returns how much of all events a finding has; empty for packets that have none. */
  String share(FindingView view) {
    long events = report.totals().events();
    return view.finding().stacks().isEmpty()
        ? ""
        : " ("
            + Wording.share(view.finding().count(), events)
            + " of "
            + Wording.plural(events, "event")
            + ")";
  }

  /** Returns how much of the largest finding another one has, in thousandths. */
  int thousandths(FindingView view) {
    long most = findings.stream().mapToLong(each -> each.finding().count()).max().orElse(1);
    return (int) Math.ceil(1000.0 * view.finding().count() / Math.max(1, most));
  }

  /** Returns when the events were; null when no times were recorded. */
  @Nullable String span() {
    Totals totals = report.totals();
    Long first = totals.firstNanos();
    Long last = totals.lastNanos();
    return first == null || last == null ? null : Wording.span(first, last, totals.wallClock());
  }

  /** Returns a time of day; empty for none. */
  String time(@Nullable Long nanos) {
    return new Clock(report.totals()).time(nanos);
  }

  /** Returns the findings that are losses, or may be. */
  List<FindingView> losses() {
    return findings.stream().filter(view -> !view.benign()).toList();
  }

  /** Returns the findings that are none. */
  List<FindingView> benign() {
    return findings.stream().filter(FindingView::benign).toList();
  }

  /** Returns how many findings are not told of one by one. */
  int moreFindings() {
    return report.findings().size() - findings.size();
  }

  /** Returns how many events are in the report, but not in the table. */
  long moreRows() {
    return (long) report.events().size() - rows.size();
  }

  /** Returns the general classes of the findings, each once. */
  List<String> families() {
    return findings.stream()
        .map(view -> Series.family(view.finding()))
        .distinct()
        .sorted()
        .toList();
  }

  /** Returns the namespaces of the findings, each once. */
  List<String> namespaces() {
    return distinct(findings.stream().map(FindingView::namespace).toList());
  }

  /** Returns the boxes that findings are told apart by, each once. */
  List<String> hosts() {
    return distinct(findings.stream().map(FindingView::host).toList());
  }

  private static List<String> distinct(List<String> words) {
    return words.stream().filter(word -> !word.isEmpty()).distinct().sorted().toList();
  }

  /** Returns whether there are findings that are no loss. */
  boolean hasBenign() {
    return report.findings().stream()
        .anyMatch(finding -> finding.classification().severity() == Severity.BENIGN);
  }
}
