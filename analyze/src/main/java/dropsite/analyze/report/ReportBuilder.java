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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers classified drops, box after box, into a report. */
public final class ReportBuilder {
  /** The last four digits for a box, which differ most for names that end differently. */
  private static final int BOX_DIGITS_FROM = 12;

  private final Narrowing narrowing;
  private final boolean severalBoxes;
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
   * @param severalBoxes whether the recordings are of several boxes, told of or not
   */
  public ReportBuilder(Narrowing narrowing, List<Attributor> attributors, boolean severalBoxes) {
    this.narrowing = narrowing;
    this.severalBoxes = severalBoxes;
    this.attributors = List.copyOf(attributors);
  }

  /**
   * Begins with a box; it is to be ended before the next one.
   *
   * @param ofBox what is told of it
   * @param name that it goes by when it has none
   * @param files its recordings as the user named them
   * @param image that its stacks are resolved against
   * @param fullPath whether names of source files stay as recorded
   */
  public BoxFindings begin(
      Narrowing ofBox, String name, List<String> files, KernelImage image, boolean fullPath) {
    return new BoxFindings(boxes.size(), ofBox, name, files, image, fullPath, events, kinds);
  }

  /** Ends with a box, whose image is not asked any more. */
  public void end(BoxFindings findings, Box box) throws IOException {
    kinds += findings.kinds();
    leftOut += findings.leftOut();
    groups.addAll(findings.groups(box, attributors));
    attributors.forEach(attributor -> findings.warn(attributor.limits()));
    groups.addAll(findings.silent(box));
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
    return events.size() == 0 && groups.isEmpty();
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
    List<String> said = new ArrayList<>(narrowing.said(leftOut, groups));
    said.addAll(forgetOtherClocks());
    @Nullable String[] spaces = new @Nullable String[events.places()];
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int i = 0; i < events.size(); i++) {
      if (events.finding(i) >= 0) {
        int place = events.place(i);
        String space = spaces[place];
        if (space == null) {
          space = space(events.row(i));
          spaces[place] = space;
        }
        told.get(events.finding(i)).add(events, i, space);
      }
      long nanos = events.timeNanos(i);
      if (nanos != EventTable.NO_TIME) {
        first = Math.min(first, nanos);
        last = Math.max(last, nanos);
      }
    }
    boolean timed = first <= last;
    return new Report(
        boxes, totals(timed ? first : null, timed ? last : null), findings(told), events, said);
  }

  private List<Finding> findings(List<Group> told) {
    Map<Group, String> ids = ids();
    List<Finding> findings = new ArrayList<>();
    for (Group group : told) {
      findings.add(group.finding(String.valueOf(ids.get(group)), boxes.get(group.box()).box()));
    }
    return findings;
  }

  /**
   * Returns a name for each finding, also for those that are not told: which box it is of is part
   * of it where there are several, and what is alike even so is numbered, in no order of the files.
   */
  private Map<Group, String> ids() {
    Map<String, Integer> seen = new HashMap<>();
    Map<Group, String> ids = new HashMap<>();
    List<Group> inOrder = new ArrayList<>(groups);
    inOrder.sort(
        Comparator.comparing((Group group) -> boxes.get(group.box()).box().bootId())
            .thenComparing(Group::space));
    for (Group group : inOrder) {
      String label = boxes.get(group.box()).box().label();
      String id =
          group.id()
              + (severalBoxes ? "-" + FindingKey.digits(label).substring(BOX_DIGITS_FROM) : "");
      int same = seen.merge(id, 1, Integer::sum);
      ids.put(group, same == 1 ? id : id + "-" + same);
    }
    return ids;
  }

  private Totals totals(@Nullable Long first, @Nullable Long last) {
    long all = 0;
    long benign = 0;
    long silent = 0;
    for (Group group : groups) {
      silent += group.silent() ? group.count() : 0;
      all += group.silent() ? 0 : group.count();
      benign += group.classification().severity() == Severity.BENIGN ? group.count() : 0;
    }
    boolean wallClock = boxes.stream().anyMatch(ReportBuilder::hasWallClock);
    return new Totals(
        all,
        lost,
        benign,
        silent,
        first,
        last,
        wallClock,
        recordedNanos == null || recordedNanos == 0 ? null : recordedNanos);
  }

  private static boolean hasWallClock(BoxReport box) {
    return !box.box().bootId().isEmpty();
  }

  /** Times of texts are of a clock of their own, and cannot stand beside those of captures. */
  private List<String> forgetOtherClocks() {
    List<String> said = new ArrayList<>();
    if (boxes.stream().anyMatch(ReportBuilder::hasWallClock)) {
      for (int i = 0; i < boxes.size(); i++) {
        if (!hasWallClock(boxes.get(i))) {
          events.forgetTimes(i);
          said.add("times of " + boxes.get(i).name() + " are left out: they are of another clock");
        }
      }
    }
    return said;
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
