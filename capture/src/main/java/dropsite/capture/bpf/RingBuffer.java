package dropsite.capture.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dropsite.bytes.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The reading end of BPF's ring buffer, as kernel/bpf/ringbuf.c lays it out: each record has a
 * header of eight bytes, whose first four are its size with two flags, and begins at a multiple of
 * eight. The memory comes twice in a row, so that no record is broken by the end.
 */
final class RingBuffer {
  /** Takes a record where it lies. */
  @FunctionalInterface
  interface Reader {
    /**
     * Takes it.
     *
     * @param records the memory of all records
     * @param at where this one begins
     * @param sizeBytes of this one
     */
    void record(Bytes records, long at, long sizeBytes) throws IOException;
  }

  private static final VarHandle POSITION = JAVA_LONG.varHandle();
  private static final VarHandle HEADER = JAVA_INT.varHandle();
  private static final int BUSY = 1 << 31;
  private static final int DISCARDED = 1 << 30;
  private static final int HEADER_BYTES = 8;

  /** How much is read at most until the kernel may use the room again. */
  private static final long RELEASE_BYTES = 1 << 16;

  private final MemorySegment consumer;
  private final MemorySegment producer;
  private final MemorySegment records;
  private final Bytes bytes;
  private final long sizeBytes;

  /**
   * @param consumer memory whose first eight bytes say how far was read
   * @param producer memory whose first eight bytes say how far was written
   * @param records the ring, twice
   */
  RingBuffer(MemorySegment consumer, MemorySegment producer, MemorySegment records) {
    this.consumer = consumer;
    this.producer = producer;
    this.records = records;
    bytes = new Bytes("ring buffer", "records", records, false);
    sizeBytes = records.byteSize() / 2;
  }

  /**
   * Reads what is there now.
   *
   * @return how many records
   * @throws IOException when the reader does not take one; it counts as read
   * @throws dropsite.bytes.MalformedInputException when the ring holds what cannot be
   */
  int drain(Reader reader) throws IOException {
    long begin = (long) POSITION.get(consumer, 0L);
    long end = (long) POSITION.getAcquire(producer, 0L);
    if (end - begin < 0 || end - begin > sizeBytes) {
      throw bytes.malformed(begin, "records up to " + end + " in a ring of " + sizeBytes);
    }
    int count = 0;
    long at = begin;
    try {
      while (at < end) {
        long offset = at & (sizeBytes - 1);
        int header = (int) HEADER.getAcquire(records, offset);
        if ((header & BUSY) != 0) {
          break; // still being written
        }
        long size = header & ~(BUSY | DISCARDED);
        if (size > end - at - HEADER_BYTES) {
          throw bytes.malformed(offset, "a record of " + size + " bytes");
        }
        at += HEADER_BYTES + padded(size);
        if ((header & DISCARDED) == 0) {
          count++;
          reader.record(bytes, offset + HEADER_BYTES, size);
        }
        if (at - begin >= RELEASE_BYTES) {
          POSITION.setRelease(consumer, 0L, at);
          begin = at;
        }
      }
    } finally {
      POSITION.setRelease(consumer, 0L, at);
    }
    return count;
  }

  /** Returns the next multiple of eight. */
  static long padded(long sizeBytes) {
    return (sizeBytes + Long.BYTES - 1) & -Long.BYTES;
  }
}
