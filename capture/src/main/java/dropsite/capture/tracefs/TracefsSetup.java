package dropsite.capture.tracefs;

import dropsite.btf.Btf;
import dropsite.bytes.MalformedInputException;
import dropsite.capture.ProbeOptions;
import dropsite.capture.SourceUnavailableException;
import dropsite.capture.filter.DropMatcher;
import dropsite.capture.filter.FilterException;
import dropsite.capture.host.HostFacts;
import dropsite.capture.host.HostKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts together what a recording by tracefs needs, the best that this kernel has. */
final class TracefsSetup {
  private static final String DROPS = "skb:kfree_skb";
  private static final String CONSUMED = "skb:consume_skb";

  /** A filter that every event passes. */
  private static final String ANYTHING = "common_pid >= 0";

  private static final long MOST_OFFSETS_BYTES = 1 << 20;
  private static final long KIBIBYTE = 1024;
  private static final long SMALLEST_BUFFER_KIB = 64;

  private final Tracefs tracefs;
  private final ProbeOptions options;
  private final TaskNames tasks;
  private final List<String> limits = new ArrayList<>();
  private final Set<String> filteredLate = new LinkedHashSet<>();
  private final Map<Integer, DropDecoder> drops = new HashMap<>();
  private final List<String> toEnable = new ArrayList<>();
  private final Set<String> filtered = new HashSet<>();
  private boolean probed;

  private TracefsSetup(Tracefs tracefs, ProbeOptions options) {
    this.tracefs = tracefs;
    this.options = options;
    this.tasks = new TaskNames(Path.of("/proc"), tracefs.path("saved_cmdlines"));
  }

  static TracefsSource open(Tracefs tracefs, ProbeOptions options)
      throws SourceUnavailableException {
    TracefsSetup setup = new TracefsSetup(tracefs, options);
    Optional<Offsets> offsets = setup.offsets();
    TraceInstance instance;
    try {
      instance = TraceInstance.create(tracefs, ProcessHandle.current().pid());
    } catch (IOException e) {
      throw new SourceUnavailableException("no trace instance can be made: " + e.getMessage());
    }
    try {
      return setup.open(instance, offsets);
    } catch (IOException | MalformedInputException e) {
      setup.undo(instance, e);
      throw new SourceUnavailableException("tracefs cannot be used: " + e.getMessage());
    } catch (SourceUnavailableException e) {
      setup.undo(instance, e);
      throw e;
    }
  }

  private void undo(TraceInstance instance, Exception cause) {
    try {
      instance.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private TracefsSource open(TraceInstance instance, Optional<Offsets> offsets)
      throws IOException, SourceUnavailableException {
    add(instance, DROPS, false, offsets);
    if (options.includeConsumed()) {
      add(instance, CONSUMED, true, offsets);
    }
    describeLimits();
    // First the clock: to change it empties the buffers. Events carry that of CLOCK_BOOTTIME.
    instance.set("trace_clock", "boot");
    instance.set("buffer_size_kb", Long.toString(bufferKib(instance.cpus().size())));
    // What finds no room is counted, and what was recorded stays: the other way round, the kernel
    // would count records that nobody can tell events from stacks of.
    instance.set("options/overwrite", "0");
    instance.set("options/stacktrace", "1");
    EventSet events =
        new EventSet(
            PageFormat.parse("header_page", tracefs.read("events/header_page")),
            EventFormat.parse("kernel_stack", tracefs.read("events/ftrace/kernel_stack/format")),
            drops);
    TracefsSource source =
        new TracefsSource(
            instance,
            events,
            matcher(),
            limits,
            options.eventsPerSecond(),
            !filtered.isEmpty(),
            filterPlainEvents(instance));
    try {
      source.openBuffers();
      for (String event : toEnable) {
        instance.enable(event);
      }
    } catch (IOException e) {
      source.close();
      throw e;
    }
    return source;
  }

  private DropMatcher matcher() throws SourceUnavailableException {
    try {
      return new DropMatcher(options.filter());
    } catch (FilterException e) {
      throw new SourceUnavailableException(String.valueOf(e.getMessage()));
    }
  }

  private long bufferKib(int cpus) {
    return Math.max(SMALLEST_BUFFER_KIB, options.bufferBytes() / Math.max(1, cpus) / KIBIBYTE);
  }

  /** Prepares one tracepoint: by a probe on it, or else as it is. */
  private void add(
      TraceInstance instance, String tracepoint, boolean consumed, Optional<Offsets> offsets)
      throws IOException, SourceUnavailableException {
    String own = tracepoint.replace(':', '/');
    if (!tracefs.has("events/" + own + "/format")) {
      throw new SourceUnavailableException("this kernel has no tracepoint " + tracepoint);
    }
    EventFormat ownFormat = format(own);
    String event = own;
    Optional<Offsets> used = Optional.empty();
    if (offsets.isPresent()) {
      String name = instance.probeName(own.substring(own.indexOf('/') + 1));
      if (probe(instance, name, tracepoint, ownFormat, offsets.get())) {
        event = name;
        used = offsets;
      }
    }
    if (used.isEmpty() && needsProbe()) {
      throw new SourceUnavailableException(
          "the filter asks for what only an event probe can see: " + String.join("; ", limits));
    }
    EventFormat format = format(event);
    drops.put(format.id(), new DropDecoder(format, consumed, options.snapBytes(), used, tasks));
    KernelFilter filter = KernelFilter.of(options.filter(), format);
    filteredLate.addAll(filter.left());
    if (filter.text().isPresent()) {
      instance.set("events/" + event + "/filter", filter.text().get());
      filtered.add(event);
    }
    probed |= used.isPresent();
    toEnable.add(event);
  }

  /**
   * Sees to it that of the tracepoints' own events either all have a filter or none, since losses
   * are counted differently.
   *
   * @return whether they have
   */
  private boolean filterPlainEvents(TraceInstance instance) throws IOException {
    if (probed || filtered.isEmpty()) {
      return false;
    }
    for (String event : toEnable) {
      if (!filtered.contains(event)) {
        instance.set("events/" + event + "/filter", ANYTHING);
      }
    }
    return true;
  }

  private EventFormat format(String event) throws IOException {
    return EventFormat.parse("format of " + event, tracefs.read("events/" + event + "/format"));
  }

  private boolean needsProbe() {
    return DropMatcher.needsBytes(options.filter()) || DropMatcher.needsDevice(options.filter());
  }

  /** Makes an event probe, without the task's name where the kernel cannot fetch that. */
  private boolean probe(
      TraceInstance instance, String name, String tracepoint, EventFormat format, Offsets offsets) {
    if (!tracefs.has("dynamic_events")) {
      noPackets("this kernel has no dynamic events");
      return false;
    }
    for (boolean comm : new boolean[] {true, false}) {
      Optional<String> definition =
          EventProbe.define(name, tracepoint, format, offsets, options.snapBytes(), comm);
      if (definition.isEmpty()) {
        noPackets("the places of the members of sk_buff are not known");
        return false;
      }
      try {
        instance.define(definition.get(), name);
        return true;
      } catch (IOException e) {
        if (!comm) {
          noPackets("the kernel takes no event probes: 5.15 and later do, if built with them");
        }
      }
    }
    return false;
  }

  private void noPackets(String why) {
    String limit = "no packet bytes, interface, network namespace and socket: " + why;
    if (!limits.contains(limit)) {
      limits.add(limit);
    }
  }

  private void describeLimits() {
    if (limits.isEmpty() && options.snapBytes() > EventProbe.SURE_BYTES) {
      limits.add(
          "of a packet only what lies in the first "
              + EventProbe.MOST_BLOCKS * EventProbe.BLOCK_BYTES
              + " bytes of its buffer");
    }
    limits.add("no control group of the task");
    if (!filteredLate.isEmpty()) {
      limits.add(
          "filtered after they were recorded, which costs the kernel as much as without: "
              + String.join(", ", filteredLate));
    }
    if (options.eventsPerSecond() > 0) {
      limits.add(
          "the rate is limited after events were recorded: the file stays small, the kernel works"
              + " for each of them");
    }
  }

  private Optional<Offsets> offsets() throws SourceUnavailableException {
    Path file = options.offsets();
    try {
      if (file != null) {
        return Optional.of(fromFile(file));
      }
      return Optional.of(Offsets.of(Btf.ofRunningKernel(), "", ""));
    } catch (NoSuchFileException e) {
      if (file != null) {
        throw new SourceUnavailableException(file + ": no such file");
      }
      noPackets(
          "this kernel has no BTF, and no offsets file was given (dropsite offsets VMLINUX makes"
              + " one)");
      return Optional.empty();
    } catch (IOException e) {
      throw new SourceUnavailableException("cannot be read: " + e.getMessage());
    } catch (MalformedInputException e) {
      throw new SourceUnavailableException(String.valueOf(e.getMessage()));
    }
  }

  /** Reads an offsets file, which must have been made from the very kernel that runs. */
  private static Offsets fromFile(Path file) throws IOException, SourceUnavailableException {
    if (Files.size(file) > MOST_OFFSETS_BYTES) {
      throw new SourceUnavailableException(file + ": too large for an offsets file");
    }
    Offsets offsets =
        Offsets.parse(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
    HostKernel kernel = HostFacts.ofThisBox().kernel(List.of());
    if (offsets.buildId().isEmpty() || !offsets.buildId().equals(kernel.buildId())) {
      throw new SourceUnavailableException(
          "%s was made from kernel %s with build-id %s, and kernel %s with build-id %s is running"
              .formatted(
                  file,
                  known(offsets.release()),
                  known(offsets.buildId()),
                  known(kernel.release()),
                  known(kernel.buildId())));
    }
    return offsets;
  }

  private static String known(String text) {
    return text.isEmpty() ? "(unknown)" : text;
  }
}
