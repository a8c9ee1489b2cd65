package dropsite.capture.tracefs;

import dropsite.bytes.Bytes;
import dropsite.capture.DropEvent;
import dropsite.capture.libc.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ring buffer of one CPU: read page by page, in the binary form that the kernel writes. */
final class CpuBuffer implements AutoCloseable {
  /** A line of {@code stats} that counts what was lost. */
  private static final Pattern LOST =
      Pattern.compile("(?m)^(?:overrun|commit overrun|dropped events): (\\d{1,18})$");

  private final int cpu;
  private final TraceInstance instance;
  private final EventSet events;
  private final MemorySegment page;
  private final FileDescriptor pages;
  private final StackJoin join;

  /**
   * @param page memory for one page; may be shared with others, as it is used while reading only
   * @param events what records mean
   * @param taker of finished events
   */
  CpuBuffer(
      int cpu,
      TraceInstance instance,
      EventSet events,
      MemorySegment page,
      Consumer<DropEvent> taker)
      throws IOException {
    this.cpu = cpu;
    this.instance = instance;
    this.events = events;
    this.page = page;
    this.join = new StackJoin(taker);
    this.pages =
        FileDescriptor.open(
            instance.path(folder() + "trace_pipe_raw").toString(),
            FileDescriptor.O_RDONLY | FileDescriptor.O_NONBLOCK | FileDescriptor.O_CLOEXEC);
  }

  private String folder() {
    return "per_cpu/cpu" + cpu + "/";
  }

  /**
   * Reads what is there.
   *
   * @param mostPages to read now
   * @param last whether nothing will come any more
   */
  void read(int mostPages, boolean last) throws IOException {
    for (int i = 0; i < mostPages; i++) {
      long count = pages.read(page);
      if (count <= 0) {
        join.rest(last);
        return;
      }
      Bytes bytes = events.pageBytes(cpu, page.asSlice(0, count));
      // What the flags say of losses, the counters say too, and more exactly.
      TracePage.read(
          bytes, events.page(), (nanos, record) -> events.read(cpu, nanos, record, join));
    }
  }

  /** Returns how many events have no stack, for whatever reason. */
  long withoutStack() {
    return join.withoutStack();
  }

  /**
   * Returns how many events the kernel had no room for. It counts records, so that it matters
   * whether it tries to write the stack of an event that is lost.
   *
   * @param triesStacks whether it does: where the tracepoint's own event has a filter, the kernel
   *     puts it together elsewhere, and goes on to the stack without looking whether there was room
   */
  long lostEvents(boolean triesStacks) throws IOException {
    long lost = 0;
    Matcher counter = LOST.matcher(instance.read(folder() + "stats"));
    while (counter.find()) {
      lost += Long.parseLong(counter.group(1));
    }
    // Of events that have come, only stacks can be lost; of those that have not, the event and
    // perhaps the stack.
    long ofLostEvents = lost - join.withoutStack();
    return Math.max(0, triesStacks ? (ofLostEvents + join.withoutEvent()) / 2 : ofLostEvents);
  }

  @Override
  public void close() {
    pages.close();
  }
}
