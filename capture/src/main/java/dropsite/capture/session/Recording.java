package dropsite.capture.session;

import dropsite.capture.DropEvent;
import dropsite.capture.Losses;
import dropsite.capture.ProbeOptions;
import dropsite.capture.ProbeSource;
import dropsite.capture.SourceUnavailableException;
import dropsite.capture.file.CaptureFiles;
import dropsite.capture.file.CaptureStart;
import dropsite.capture.file.CaptureWriter;
import dropsite.capture.host.HostFacts;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.KernelSymbols;
import dropsite.capture.host.NetworkNames;
import dropsite.capture.host.ReasonEnum;
import dropsite.capture.host.Snapshot;
import dropsite.capture.host.SnapshotOptions;
import dropsite.capture.host.SnapshotPart;
import dropsite.capture.host.SnapshotPart.Phase;
import dropsite.capture.redact.Redactor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One recording: facts about the box, then events as they come, then what has changed. */
public final class Recording {
  private static final long SECOND_NANOS = 1_000_000_000;

  /** By how much the wall clock has to move against that of events to be read anew. */
  private static final long CLOCK_STEP_NANOS = 10_000_000;

  /** How soon an interruption is noticed. */
  private static final long LONGEST_WAIT_NANOS = 100_000_000;

  private final Plan plan;
  private final HostFacts host;
  private final Progress progress;
  private final @Nullable Redactor redactor;
  private final List<HostKernel.ClockReading> clocks = new ArrayList<>();
  private long unwritten;

  /**
   * What to record, and where.
   *
   * @param application name and version of this program
   * @param files where it goes
   * @param sources in the order in which they are tried
   * @param probe how to record
   * @param limits when to end
   * @param leftOut parts of the snapshot that are not taken
   * @param kallsyms whether to keep all of kallsyms
   * @param redact whether to replace addresses and names
   */
  public record Plan(
      String application,
      CaptureFiles files,
      List<Probes> sources,
      ProbeOptions probe,
      Limits limits,
      Set<String> leftOut,
      boolean kallsyms,
      boolean redact) {}

  /** What is known of the box before the first event, and is compared with at the end. */
  private record Before(
      HostKernel kernel,
      List<HostModule> modules,
      List<ReasonEnum> reasons,
      List<NetworkNames> names) {}

  /**
   * @param host the box that this runs on
   */
  public Recording(Plan plan, HostFacts host, Progress progress) {
    this.plan = plan;
    this.host = host;
    this.progress = progress;
    this.redactor = plan.redact ? Redactor.withRandomKey(host.name()) : null;
  }

  /**
   * Records until a limit is reached or somebody stops it.
   *
   * @return what it came to
   * @throws SourceUnavailableException when no probe can be attached; then nothing is written
   * @throws IOException when the file cannot be written, or the probe not be read any more; what
   *     was recorded before is in the file
   */
  public Progress.Summary run()
      throws IOException, SourceUnavailableException, InterruptedException {
    try (StopRequest stop = StopRequest.listen()) {
      clocks.add(HostFacts.clocks());
      Before before = new Before(host.kernel(clocks), host.modules(), host.reasons(), host.names());
      Snapshot snapshot = Snapshot.ofThisBox(SnapshotOptions.DEFAULT.without(plan.leftOut));
      try (CaptureWriter writer = begin(before);
          NewNamespaces namespaces = new NewNamespaces(snapshot, before.names)) {
        writeNames(writer, before.names);
        if (!takeFirst(snapshot, writer, stop)) {
          writer.note("stopped before the probe was attached");
          writer.end(0, 0);
          return summary(writer, 0, Losses.NONE);
        }
        writer.flush();
        List<String> notes = new ArrayList<>();
        try (ProbeSource source = open(writer, notes)) {
          notes.addAll(source.limits());
          notes.forEach(writer::note);
          writer.flush();
          progress.recording(source.name(), notes);
          return record(source, writer, before, snapshot, namespaces, stop);
        }
      }
    }
  }

  /** Thrown by the receiver of a snapshot, to end it. */
  private static final class Stopped extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Takes the snapshot before the events; returns whether nobody stopped it. */
  private boolean takeFirst(Snapshot snapshot, CaptureWriter writer, StopRequest stop)
      throws IOException, InterruptedException {
    try {
      snapshot.take(
          Phase.BEFORE,
          Set.of(),
          part -> {
            if (stop.made()) {
              throw new Stopped();
            }
            write(writer, part);
          });
      return !stop.made();
    } catch (Stopped e) {
      return false;
    }
  }

  private ProbeSource open(CaptureWriter writer, List<String> notes)
      throws IOException, SourceUnavailableException {
    try {
      return Probes.open(plan.sources, plan.probe, notes);
    } catch (SourceUnavailableException e) {
      writer.discard();
      throw e;
    }
  }

  private CaptureWriter begin(Before before) throws IOException {
    return new CaptureWriter(
        plan.files,
        new CaptureStart(
            plan.application, redacted(before.kernel), before.modules, before.reasons));
  }

  private Progress.Summary record(
      ProbeSource source,
      CaptureWriter writer,
      Before before,
      Snapshot snapshot,
      NewNamespaces namespaces,
      StopRequest stop)
      throws IOException, InterruptedException {
    ProbeSource.Receiver receiver =
        event -> {
          namespaces.see(event.device().netns());
          write(writer, event);
        };
    long attached = System.nanoTime();
    receive(source, receiver, writer, namespaces, stop, attached);
    progress.ending();
    source.stop();
    while (source.poll(receiver, 0) > 0) {}
    long duration = System.nanoTime() - attached;
    Losses losses = source.losses();
    writer.losses(losses);
    if (unwritten > 0) {
      writer.note(unwritten + " more drops came before the probe stopped at the limit");
    }
    if (namespaces.tooMany()) {
      writer.note("of some network namespaces there is no snapshot: too many appeared");
    }
    writer.flush();
    // While the probe is still there: its own functions are among the symbols.
    writeChanges(writer, before);
    source.close();
    namespaces.finish();
    write(writer, namespaces);
    snapshot.take(Phase.AFTER, namespaces.seen(), part -> write(writer, part));
    writer.flush();
    Progress.Summary summary = summary(writer, duration, losses);
    writer.end(summary.cpuNanos(), duration);
    return summary;
  }

  /** Hands events over until there is a reason to stop. */
  private void receive(
      ProbeSource source,
      ProbeSource.Receiver receiver,
      CaptureWriter writer,
      NewNamespaces namespaces,
      StopRequest stop,
      long attached)
      throws IOException {
    long nextSecond = attached + SECOND_NANOS;
    while (!stop.made()) {
      long now = System.nanoTime();
      long left = plan.limits.durationNanos() - (now - attached);
      if (left <= 0 || isFull(writer)) {
        return;
      }
      if (now >= nextSecond) {
        nextSecond = Math.max(nextSecond + SECOND_NANOS, now);
        stop.lookForParent();
        readClocks(writer);
        Losses losses = source.losses();
        writer.losses(losses);
        write(writer, namespaces);
        writer.flush();
        progress.second(summary(writer, now - attached, losses));
      }
      long wait = Math.min(LONGEST_WAIT_NANOS, Math.min(left, nextSecond - now));
      source.poll(receiver, Math.max(wait, 0));
    }
  }

  /** Times of events follow the wall clock when it is set, or corrected little by little. */
  private void readClocks(CaptureWriter writer) {
    HostKernel.ClockReading now = HostFacts.clocks();
    HostKernel.ClockReading last = clocks.getLast();
    long moved = (now.realNanos() - now.bootNanos()) - (last.realNanos() - last.bootNanos());
    if (Math.abs(moved) >= CLOCK_STEP_NANOS) {
      addClocks(now);
      writer.kernel(redacted(host.kernel(clocks)));
    }
  }

  /** Keeps the first reading and the last. */
  private void addClocks(HostKernel.ClockReading reading) {
    if (clocks.size() > 1) {
      clocks.removeLast();
    }
    clocks.add(reading);
  }

  private boolean isFull(CaptureWriter writer) {
    return writer.events() >= plan.limits.events() || writer.bytes() >= plan.limits.bytes();
  }

  private void write(CaptureWriter writer, DropEvent event) throws IOException {
    if (isFull(writer)) {
      unwritten++;
      return;
    }
    writer.event(redactor == null ? event : redactor.redact(event));
  }

  /** Writes what has become known of the box since the start. */
  private void writeChanges(CaptureWriter writer, Before before)
      throws IOException, InterruptedException {
    addClocks(HostFacts.clocks());
    writer.kernel(redacted(host.kernel(clocks)));
    added(host.modules(), before.modules).forEach(writer::module);
    added(host.reasons(), before.reasons).forEach(writer::reasons);
    writeNames(writer, added(host.names(), before.names));
    for (KernelSymbols symbols : host.symbols(plan.kallsyms)) {
      writer.symbols(symbols);
    }
  }

  private static <T> List<T> added(List<T> now, List<T> before) {
    Set<T> known = new HashSet<>(before);
    return now.stream().filter(each -> !known.contains(each)).toList();
  }

  private HostKernel redacted(HostKernel kernel) {
    return redactor == null ? kernel : redactor.redact(kernel);
  }

  private void writeNames(CaptureWriter writer, List<NetworkNames> names) {
    for (NetworkNames each : names) {
      writer.names(redactor == null ? each : redactor.redact(each));
    }
  }

  private void write(CaptureWriter writer, NewNamespaces namespaces) throws IOException {
    for (SnapshotPart part = namespaces.next(); part != null; part = namespaces.next()) {
      write(writer, part);
    }
  }

  private void write(CaptureWriter writer, SnapshotPart part) throws IOException {
    writer.snapshot(redactor == null ? part : redactor.redact(part));
  }

  private static Progress.Summary summary(CaptureWriter writer, long duration, Losses losses) {
    long cpuNanos =
        ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    return new Progress.Summary(writer.events(), writer.bytes(), duration, cpuNanos, losses);
  }
}
