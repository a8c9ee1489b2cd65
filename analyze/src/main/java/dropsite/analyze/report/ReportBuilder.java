package dropsite.analyze.report;

import dropsite.analyze.attribution.Attributor;
import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.kernel.KernelImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers classified drops, box after box, into a report. */
public final class ReportBuilder {
  private final Narrowing narrowing;
  private final List<Attributor> attributors;
  private final EventTable events = new EventTable();
  private final List<BoxReport> boxes = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  private int kinds;
  private long leftOut;
  private @Nullable Long lost;
  private @Nullable Long recordedNanos = 0L;

  /**
   * @param narrowing what is to be left out
   * @param attributors that look for causes in the snapshots
   */
  public ReportBuilder(Narrowing narrowing, List<Attributor> attributors) {
    this.narrowing = narrowing;
    this.attributors = List.copyOf(attributors);
  }

  /**
   * Begins with a box; it is to be ended before the next one.
   *
   * @param name that it goes by when it has none
   * @param files its recordings as the user named them
   * @param image that its stacks are resolved against
   * @param fullPath whether names of source files stay as recorded
   */
  public BoxFindings begin(String name, List<String> files, KernelImage image, boolean fullPath) {
    return new BoxFindings(boxes.size(), name, files, image, fullPath, events, kinds);
  }

  /** Ends with a box, whose image is not asked any more. */
  public void end(BoxFindings findings, Box box) throws IOException {
    kinds += findings.kinds();
    leftOut += findings.leftOut();
    groups.addAll(findings.groups(box, attributors));
    boxes.add(findings.report(box));
    if (findings.lost() != null) {
      lost = (lost == null ? 0 : lost) + findings.lost();
    }
    Long ofBox = findings.recordedNanos();
    recordedNanos =
        recordedNanos == null || ofBox == null ? null : Long.valueOf(recordedNanos + ofBox);
  }

  /** Returns how many events were left out because nobody asked for them. */
  public long leftOut() {
    return leftOut;
  }

  /** Returns whether no event was added. */
  public boolean isEmpty() {
    return events.size() == 0;
  }

  /** Returns the report. */
  public Report build() {
    groups.sort(
        Comparator.comparing((Group group) -> group.classification().severity() == Severity.BENIGN)
            .thenComparing(Comparator.comparingLong(Group::count).reversed()));
    List<Group> told = groups.stream().filter(narrowing::admits).toList();
    int[] findings = new int[kinds];
    Arrays.fill(findings, -1);
    for (int i = 0; i < told.size(); i++) {
      for (DropKind kind : told.get(i).kinds()) {
        findings[kind.number()] = i;
      }
    }
    events.assign(findings);
    Long first = null;
    Long last = null;
    for (int i = 0; i < events.size(); i++) {
      EventRow row = events.row(i);
      if (row.finding() >= 0) {
        told.get(row.finding()).add(row, space(row));
      }
      Long nanos = row.timeNanos();
      if (nanos != null) {
        first = first == null ? nanos : Long.valueOf(Math.min(first, nanos));
        last = last == null ? nanos : Long.valueOf(Math.max(last, nanos));
      }
    }
    return new Report(
        boxes,
        totals(first, last),
        told.stream()
            .map(group -> group.finding(host(group), boxes.get(group.box()).box()))
            .toList(),
        events,
        narrowing.said(leftOut, groups, told));
  }

  private String host(Group group) {
    return boxes.size() == 1 ? "" : boxes.get(group.box()).name();
  }

  private Totals totals(@Nullable Long first, @Nullable Long last) {
    long all = 0;
    long benign = 0;
    for (Group group : groups) {
      all += group.count();
      benign += group.classification().severity() == Severity.BENIGN ? group.count() : 0;
    }
    boolean wallClock = boxes.stream().noneMatch(box -> box.box().bootId().isEmpty());
    return new Totals(
        all,
        lost,
        benign,
        0,
        first,
        last,
        wallClock,
        recordedNanos == null || recordedNanos == 0 ? null : recordedNanos);
  }

  private String space(EventRow row) {
    Long netns = row.netns();
    if (netns == null) {
      return "";
    }
    Namespace namespace = boxes.get(row.box()).box().namespace(netns);
    return namespace == null ? "netns " + netns : namespace.inWords();
  }
}
