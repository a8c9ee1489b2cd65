package dropsite.analyze.report;

import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.input.Coverage;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.Slide;
import dropsite.analyze.stack.ImageFit;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Gathers classified stacks, one after another, into a report. */
public final class ReportBuilder {
  private final KernelImage image;
  private final ImageFit fit;
  private final Map<Key, Group> groups = new LinkedHashMap<>();
  private final List<EventRow> rows = new ArrayList<>();
  private final Set<String> modules = new TreeSet<>();
  private long events;
  private long benign;
  private @Nullable Long lost;
  private final Set<String> notes = new LinkedHashSet<>();
  private final Set<String> notRecorded = new LinkedHashSet<>();
  private long unnamedReasons;
  private @Nullable Slide slide;
  private @Nullable String release;

  /**
   * @param image that the stacks were resolved against
   */
  public ReportBuilder(KernelImage image) {
    this.image = image;
    this.fit = new ImageFit(image);
    this.release = image.facts().release();
  }

  /** Adds a stack with what it shows. */
  public void add(ResolvedStack stack, Classification classification, @Nullable DropReason reason)
      throws IOException {
    Key key = Key.of(classification, reason);
    Group group = groups.computeIfAbsent(key, k -> new Group(stack, classification, reason));
    long id = rows.size() + 1L;
    group.add(stack, id);
    fit.add(stack);
    release = release == null ? stack.event().facts().release() : release;
    rows.add(new EventRow(id, key.id(), stack.event().facts()));
    events += stack.event().count();
    if (classification.severity() == Severity.BENIGN) {
      benign += stack.event().count();
    }
    if (reason != null && reason.name() == null) {
      unnamedReasons++;
    }
    if (stack.slide() != null) {
      slide = stack.slide();
    }
    for (ResolvedFrame frame : stack.visibleFrames()) {
      if (frame.module() != null) {
        modules.add(frame.module());
      }
    }
  }

  /**
   * Adds what a recording says about itself.
   *
   * @param source the file as the user named it
   */
  public void add(String source, Coverage coverage) {
    if (coverage.lost() != null) {
      lost = (lost == null ? 0 : lost) + coverage.lost();
    }
    notes.addAll(coverage.notes());
    coverage.missing().forEach(sentence -> notRecorded.add(source + ": " + sentence));
  }

  /** Returns what the recordings lack, as far as they know; a sentence each. */
  public List<String> notRecorded() {
    return List.copyOf(notRecorded);
  }

  /** Returns whether no event was added. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Returns the report. */
  public Report build() throws IOException {
    List<Finding> findings = new ArrayList<>();
    groups.forEach((key, group) -> findings.add(group.finding(key.id())));
    findings.sort(
        Comparator.comparing(
                (Finding finding) -> finding.classification().severity() == Severity.BENIGN)
            .thenComparing(Comparator.comparingLong(Finding::count).reversed()));
    return new Report(environment(), events, lost, benign, findings, rows);
  }

  private Environment environment() throws IOException {
    return new Environment(
        release,
        image.facts().buildId(),
        image.vmlinux().map(symbols -> symbols.file()).orElse(null),
        image.vmlinux().flatMap(symbols -> symbols.buildId()).orElse(null),
        fit.isVeryKernel(),
        slide,
        missing(),
        image.warnings(),
        List.copyOf(notes));
  }

  private List<String> missing() throws IOException {
    List<String> missing = new ArrayList<>(notRecorded);
    if (release == null && image.vmlinux().isEmpty()) {
      missing.add(
          "the kernel's release and build-id are not recorded: \"uname -r\" and \"perf buildid-list"
              + " -k\" on the box print them");
    }
    if (image.vmlinux().isEmpty()) {
      missing.add(Advice.forVmlinux(release, image.facts().buildId()));
    }
    String doubt = fit.doubt();
    if (doubt != null) {
      missing.add(doubt);
    }
    List<String> withoutFile = image.modulesWithoutFile(modules);
    if (!withoutFile.isEmpty() && image.vmlinux().isPresent()) {
      missing.add(Advice.forModules(withoutFile));
    }
    if (unnamedReasons > 0) {
      missing.add(
          "drop reasons are numbers only, and numbers mean something else in every kernel:"
              + " --vmlinux or --kernel of the very kernel names them");
    }
    return missing;
  }

  /** What makes events one finding. */
  private record Key(
      String classId,
      @Nullable String function,
      @Nullable String file,
      int line,
      @Nullable String caller,
      @Nullable String reason) {
    private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    static Key of(Classification classification, @Nullable DropReason reason) {
      DropPlace place = classification.place();
      Layer layer = place == null ? null : place.layer();
      Layer caller = place == null ? null : place.caller();
      return new Key(
          classification.classId(),
          layer == null ? null : layer.source().canonicalName(),
          layer == null ? null : layer.source().file(),
          layer == null ? 0 : layer.source().line(),
          caller == null ? null : caller.source().canonicalName(),
          reason == null ? null : reason.inWords());
    }

    /** Returns a name made from what the finding is, the same in every recording (FNV-1a). */
    String id() {
      long hash = FNV_OFFSET_BASIS;
      for (byte b : toString().getBytes(StandardCharsets.UTF_8)) {
        hash = (hash ^ (b & 0xff)) * FNV_PRIME;
      }
      return HexFormat.of().toHexDigits(hash);
    }
  }

  /** The events of one finding while they come in. */
  private static final class Group {
    private final ResolvedStack stack;
    private final Classification classification;
    private final @Nullable DropReason reason;
    private final Tally who = new Tally();
    private final Tally packets = new Tally();
    private final List<Long> ids = new ArrayList<>();
    private long count;
    private @Nullable Long firstNanos;
    private @Nullable Long lastNanos;

    Group(ResolvedStack stack, Classification classification, @Nullable DropReason reason) {
      this.stack = stack;
      this.classification = classification;
      this.reason = reason;
    }

    void add(ResolvedStack added, long id) {
      EventFacts facts = added.event().facts();
      long times = added.event().count();
      count += times;
      ids.add(id);
      if (facts.comm() != null) {
        who.add(facts.comm(), times);
      }
      if (facts.packet() != null) {
        packets.add(facts.packet().inWords(), times);
      }
      Long nanos = facts.timeNanos();
      if (nanos != null) {
        firstNanos = firstNanos == null ? nanos : Long.valueOf(Math.min(firstNanos, nanos));
        lastNanos = lastNanos == null ? nanos : Long.valueOf(Math.max(lastNanos, nanos));
      }
    }

    Finding finding(String id) {
      return new Finding(
          id,
          classification,
          reason,
          count,
          firstNanos,
          lastNanos,
          stack,
          who.top(),
          packets.top(),
          ids);
    }
  }
}
