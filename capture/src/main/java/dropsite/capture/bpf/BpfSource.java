package dropsite.capture.bpf;

import dropsite.bytes.MalformedInputException;
import dropsite.capture.Losses;
import dropsite.capture.ProbeOptions;
import dropsite.capture.ProbeSource;
import dropsite.capture.SourceUnavailableException;
import dropsite.capture.filter.FilterException;
import dropsite.capture.filter.PacketFilterCode;
import dropsite.capture.filter.PcapExpression;
import dropsite.capture.libc.Errno;
import dropsite.capture.libc.FileDescriptor;
import dropsite.capture.libc.Memory;
import dropsite.capture.libc.WakeUps;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Drops as a BPF program in the kernel records them.
 *
 * <p>Nothing is pinned: when this process ends, however it ends, the kernel takes everything out.
 */
public final class BpfSource implements ProbeSource {
  private static final String OBJECT = "drops";

  /**
   * How long records may lie in the ring while it is less than a quarter full: reading many at once
   * costs less than being woken for each.
   */
  private static final long PACE_NANOS = 50_000_000;

  /** How long a program may go on running on another CPU after it was detached. */
  private static final long LAST_RUN_NANOS = 20_000_000;

  private static final long LEAST_RING_BYTES = 1 << 16;
  private static final long MOST_RING_BYTES = 1 << 30;

  private final Arena arena = Arena.ofShared();
  private final Libbpf libbpf;
  private final EventDecoder decoder = new EventDecoder();
  private final List<String> limits = new ArrayList<>();
  private final List<MemorySegment> links = new ArrayList<>();
  private @Nullable MemorySegment object;
  private @Nullable Probe probe;
  private long lastRead;

  /** What there is once the programs are loaded. */
  private record Probe(RingBuffer ring, WakeUps wakeUps, Counters counters) {}

  private BpfSource(Libbpf libbpf) {
    this.libbpf = libbpf;
  }

  /**
   * Loads the program and attaches it.
   *
   * @throws SourceUnavailableException when this box or this user cannot, or the filter is wrong
   */
  public static BpfSource open(ProbeOptions options) throws SourceUnavailableException {
    try {
      Prerequisites.privilege();
      Prerequisites.lockdown();
      ProbedKernel kernel = ProbedKernel.running(Prerequisites.types());
      long[] filter = compiled(options.filter().expression());
      LibbpfLog log = new LibbpfLog();
      Libbpf libbpf = Libbpf.load();
      libbpf.print(log);
      BpfSource source = new BpfSource(libbpf);
      try {
        source.load(options, kernel, filter);
        return source;
      } catch (Errno e) {
        source.close();
        throw new SourceUnavailableException(
            "the kernel does not take the BPF program: "
                + (log.firstWarning().isEmpty() ? e.getMessage() : log.firstWarning()));
      }
    } catch (IOException e) {
      throw new SourceUnavailableException("the BPF program cannot be loaded: " + e.getMessage());
    } catch (FilterException e) {
      throw new SourceUnavailableException(String.valueOf(e.getMessage()));
    }
  }

  private static long[] compiled(@Nullable String expression) throws FilterException {
    return expression == null
        ? new long[0]
        : PacketFilterCode.translate(PcapExpression.compile(expression));
  }

  private void load(ProbeOptions options, ProbedKernel kernel, long[] filter) throws Errno {
    Memory.unlimitLocked(); // refused without CAP_SYS_RESOURCE; newer kernels do not ask
    boolean consumed = options.includeConsumed() && kernel.consumeArguments() > 0;
    long ringBytes = ringBytes(options.bufferBytes());
    MemorySegment opened =
        libbpf.open(ProgramObject.withFilter(arena, ProgramObject.read(), filter), OBJECT);
    object = opened;
    MemorySegment drop = libbpf.program(opened, "drop");
    MemorySegment consume = libbpf.program(opened, "consume");
    MemorySegment events = libbpf.map(opened, "events");
    libbpf.autoload(consume, consumed);
    libbpf.maxEntries(events, (int) ringBytes);
    libbpf.initialValue(
        libbpf.map(opened, OBJECT + ".rodata"), ProbeConfig.of(arena, options, kernel, ringBytes));
    libbpf.load(opened);

    int[] programs =
        consumed
            ? new int[] {libbpf.programFile(drop), libbpf.programFile(consume)}
            : new int[] {libbpf.programFile(drop)};
    Counters counters = new Counters(libbpf, libbpf.mapFile(libbpf.map(opened, "cpus")), programs);
    int ring = libbpf.mapFile(events);
    probe = new Probe(map(ring, ringBytes), WakeUps.of(ring), counters);
    links.add(libbpf.attach(drop));
    if (consumed) {
      links.add(libbpf.attach(consume));
    }
    tellLimits(options, kernel, consumed);
  }

  private void tellLimits(ProbeOptions options, ProbedKernel kernel, boolean consumed) {
    if (kernel.dropArguments() < ProbedKernel.DROP_ARGUMENTS_WITH_REASON) {
      limits.add("this kernel gives no reason with a drop");
    }
    if (!kernel.tellsInterrupted()) {
      limits.add(
          "whether an interrupt ran on top of the task: kallsyms does not tell where this kernel"
              + " counts them, so every task is called interrupted");
    }
    if (options.includeConsumed() && !consumed) {
      limits.add("this kernel has no tracepoint for consumed buffers");
    }
  }

  /** A power of two, and of pages. */
  private static long ringBytes(long wanted) {
    long least = Math.max(LEAST_RING_BYTES, Memory.pageBytes());
    long clamped = Math.clamp(wanted, least, MOST_RING_BYTES);
    long below = Long.highestOneBit(clamped);
    return below == clamped ? below : below << 1;
  }

  /** The kernel has a page for each position before the ring, and gives only the first to write. */
  private RingBuffer map(int file, long ringBytes) throws Errno {
    // Not closed: the file belongs to libbpf.
    @SuppressWarnings("resource")
    FileDescriptor ring = new FileDescriptor(file);
    long page = Memory.pageBytes();
    MemorySegment consumer = ring.map(arena, 0, page, true);
    MemorySegment producer = ring.map(arena, page, page + 2 * ringBytes, false);
    return new RingBuffer(consumer, producer.asSlice(0, page), producer.asSlice(page));
  }

  @Override
  public String name() {
    return "bpf";
  }

  @Override
  public List<String> limits() {
    return List.copyOf(limits);
  }

  @Override
  public int poll(Receiver receiver, long mostNanos) throws IOException {
    Probe reading = opened();
    long end = System.nanoTime() + mostNanos;
    while (true) {
      long now = System.nanoTime();
      long wait = Math.min(end, lastRead + PACE_NANOS) - now;
      if (wait > 0 && !links.isEmpty()) {
        reading.wakeUps().await((int) TimeUnit.NANOSECONDS.toMillis(wait) + 1);
      }
      int count = drain(reading.ring(), receiver);
      lastRead = System.nanoTime();
      if (count > 0 || links.isEmpty() || lastRead - end >= 0) {
        return count;
      }
    }
  }

  private int drain(RingBuffer ring, Receiver receiver) throws IOException {
    try {
      return ring.drain((records, at, size) -> receiver.event(decoder.decode(records, at, size)));
    } catch (MalformedInputException e) {
      throw new IOException("the kernel's records cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void stop() throws IOException {
    if (!links.isEmpty()) {
      detach();
      LockSupport.parkNanos(LAST_RUN_NANOS);
    }
  }

  private void detach() throws Errno {
    while (!links.isEmpty()) {
      libbpf.destroyLink(links.removeLast());
    }
  }

  @Override
  public Losses losses() throws IOException {
    return opened().counters().read();
  }

  private Probe opened() {
    Probe there = probe;
    if (there == null) {
      throw new IllegalStateException("closed");
    }
    return there;
  }

  @Override
  public void close() throws Errno {
    try {
      detach();
    } finally {
      if (probe != null) {
        probe.wakeUps().close();
        probe = null;
      }
      if (object != null) {
        libbpf.close(object);
        object = null;
      }
      if (arena.scope().isAlive()) {
        arena.close();
      }
    }
  }
}
