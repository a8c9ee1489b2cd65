package dropsite.capture.tracefs;

import dropsite.bytes.MalformedInputException;
import dropsite.capture.DropEvent;
import dropsite.capture.Losses;
import dropsite.capture.ProbeOptions;
import dropsite.capture.ProbeSource;
import dropsite.capture.SourceUnavailableException;
import dropsite.capture.filter.DropMatcher;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Drops as tracefs records them, in an instance of its own: with the packet where an event probe
 * can fetch it, otherwise with what the tracepoint gives.
 */
public final class TracefsSource implements ProbeSource {
  /** How long to sleep between two looks at the buffers. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** Pages that one round takes from all CPUs together: bounds the memory that events take. */
  private static final int PAGES_PER_ROUND = 1024;

  private final TraceInstance instance;
  private final EventSet events;
  private final DropMatcher matcher;
  private final List<String> limits;
  private final int eventsPerSecond;
  private final boolean filtersInKernel;
  private final boolean triesStacks;
  private final Arena arena = Arena.ofShared();
  private final List<CpuBuffer> buffers = new ArrayList<>();
  private final Map<Integer, EventRate> rates = new HashMap<>();
  private final List<DropEvent> round = new ArrayList<>();
  private boolean stopped;
  private boolean closed;
  private long handedOver;
  private long filtered;
  private long rateLimited;

  /**
   * Takes over an instance whose events are set up, and not yet enabled.
   *
   * @param filtersInKernel whether there are events that never come here, and are not counted
   * @param triesStacks as {@link CpuBuffer#lostEvents}
   */
  TracefsSource(
      TraceInstance instance,
      EventSet events,
      DropMatcher matcher,
      List<String> limits,
      int eventsPerSecond,
      boolean filtersInKernel,
      boolean triesStacks) {
    this.instance = instance;
    this.events = events;
    this.matcher = matcher;
    this.limits = List.copyOf(limits);
    this.eventsPerSecond = eventsPerSecond;
    this.filtersInKernel = filtersInKernel;
    this.triesStacks = triesStacks;
  }

  /**
   * Begins to record.
   *
   * @throws SourceUnavailableException when this box cannot, or not what the filter asks for
   */
  public static TracefsSource open(ProbeOptions options) throws SourceUnavailableException {
    return TracefsSetup.open(Tracefs.find(Path.of("/proc/self/mounts")), options);
  }

  /** Opens the buffers of all CPUs. */
  void openBuffers() throws IOException {
    MemorySegment page = arena.allocate(events.page().pageBytes(), Long.BYTES);
    for (int cpu : instance.cpus()) {
      buffers.add(new CpuBuffer(cpu, instance, events, page, round::add));
    }
  }

  @Override
  public String name() {
    return "tracefs";
  }

  @Override
  public List<String> limits() {
    return limits;
  }

  @Override
  public int poll(Receiver receiver, long mostNanos) throws IOException {
    long start = System.nanoTime();
    while (true) {
      int count = round(receiver);
      long left = mostNanos - (System.nanoTime() - start);
      if (count > 0 || left <= 0 || stopped) {
        return count;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(Math.min(left, PAUSE_NANOS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return 0;
      }
    }
  }

  /** Hands over what is in the buffers, or a part of it where there is much, in order of time. */
  private int round(Receiver receiver) throws IOException {
    try {
      for (CpuBuffer buffer : buffers) {
        buffer.read(Math.max(1, PAGES_PER_ROUND / buffers.size()), stopped);
      }
    } catch (MalformedInputException e) {
      throw new IOException(e.getMessage(), e);
    }
    round.sort(Comparator.comparingLong(DropEvent::bootNanos));
    int count = 0;
    for (DropEvent event : round) {
      if (!matcher.matches(event)) {
        filtered++;
      } else if (!rates
          .computeIfAbsent(event.cpu(), cpu -> new EventRate(eventsPerSecond))
          .passes(event.bootNanos())) {
        rateLimited++;
      } else {
        receiver.event(event);
        count++;
      }
    }
    round.clear();
    handedOver += count;
    return count;
  }

  @Override
  public void stop() throws IOException {
    instance.stop();
    stopped = true;
  }

  @Override
  public Losses losses() throws IOException {
    long ringFull = 0;
    long withoutStack = 0;
    for (CpuBuffer buffer : buffers) {
      ringFull += buffer.lostEvents(triesStacks);
      withoutStack += buffer.withoutStack();
    }
    return new Losses(
        handedOver + rateLimited + ringFull,
        filtersInKernel ? -1 : filtered,
        ringFull,
        rateLimited,
        0,
        0,
        withoutStack,
        events.packetsUnreadable());
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    buffers.forEach(CpuBuffer::close);
    buffers.clear();
    arena.close();
    instance.close();
  }
}
