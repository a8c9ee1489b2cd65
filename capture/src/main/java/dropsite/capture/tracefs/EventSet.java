package dropsite.capture.tracefs;

import dropsite.bytes.Bytes;
import dropsite.capture.tracefs.EventFormat.Field;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Map;

/** What the records of an instance mean, by the numbers they begin with. */
final class EventSet {
  private static final int MOST_FRAMES = 1 << 12;

  private final PageFormat page;
  private final EventFormat stackFormat;
  private final Field type;
  private final Field flags;
  private final Field frameCount;
  private final Field frames;
  private final Map<Integer, DropDecoder> drops;

  /**
   * @param stackFormat of ftrace's own event kernel_stack
   * @param drops how to read drops, by the number of their event
   */
  EventSet(PageFormat page, EventFormat stackFormat, Map<Integer, DropDecoder> drops) {
    this.page = page;
    this.stackFormat = stackFormat;
    this.drops = Map.copyOf(drops);
    String file = "format of kernel_stack";
    this.type = stackFormat.need(file, "common_type");
    this.flags = stackFormat.need(file, "common_flags");
    this.frameCount = stackFormat.need(file, "size");
    this.frames = stackFormat.need(file, "caller");
  }

  PageFormat page() {
    return page;
  }

  /** Returns a page that was read, in the byte order of this box. */
  Bytes pageBytes(int cpu, MemorySegment memory) {
    return new Bytes(
        "trace of CPU " + cpu, "page", memory, ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN);
  }

  /** Takes a record; of events that are none of ours, nothing comes. */
  void read(int cpu, long nanos, Bytes record, StackJoin join) {
    int id = (int) record.unsignedAt(type.offset(), type.sizeBytes());
    int flagBits = (int) record.unsignedAt(flags.offset(), flags.sizeBytes());
    DropDecoder drop = drops.get(id);
    if (drop != null) {
      join.event(drop.decode(cpu, nanos, record), flagBits);
    } else if (id == stackFormat.id()) {
      join.stack(frames(record), flagBits);
    }
  }

  private long[] frames(Bytes record) {
    long room = (record.sizeBytes() - frames.offset()) / Long.BYTES;
    long claimed = record.unsignedAt(frameCount.offset(), frameCount.sizeBytes());
    int count = Math.clamp(Math.min(claimed, room), 0, MOST_FRAMES);
    // Kernels up to 5.1 end a stack with an address of all ones.
    if (count > 0 && frame(record, count - 1) == -1) {
      count--;
    }
    long[] stack = new long[count];
    for (int i = 0; i < count; i++) {
      stack[i] = frame(record, i);
    }
    return stack;
  }

  private long frame(Bytes record, int index) {
    return record.unsignedAt(frames.offset() + (long) index * Long.BYTES, Long.BYTES);
  }

  /** Returns of how many packets the headers were out of the probe's reach. */
  long packetsUnreadable() {
    return drops.values().stream().mapToLong(DropDecoder::packetsUnreadable).sum();
  }
}
