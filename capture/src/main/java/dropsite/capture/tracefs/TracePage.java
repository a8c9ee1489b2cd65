package dropsite.capture.tracefs;

import dropsite.bytes.Bytes;

/** The records in one page of a ring buffer (include/linux/ring_buffer.h). */
final class TracePage {
  /** Records may be lost before this page; how many, stands behind its records if it fits there. */
  private static final long MISSED_EVENTS = 1L << 31;

  private static final long MISSED_STORED = 1L << 30;
  private static final long COMMIT_MASK = (1L << 27) - 1;

  private static final int LARGEST_SMALL_RECORD = 28;
  private static final int PADDING = 29;
  private static final int TIME_EXTEND = 30;
  private static final int TIME_STAMP = 31;

  private static final int TYPE_BITS = 5;
  private static final int DELTA_BITS = 27;
  private static final int HEADER_BYTES = 4;
  private static final int LENGTH_BYTES = 4;

  /** Bits that an absolute time stamp has no place for; they are those of the time before it. */
  private static final long NOT_IN_TIME_STAMP = 0xf8L << 56;

  /** Takes records as they lie in the page. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Takes one.
     *
     * @param nanos of the instance's clock
     * @param record its bytes, as the event's format describes them
     */
    void record(long nanos, Bytes record);
  }

  private TracePage() {}

  /**
   * Hands over the records of a page.
   *
   * @return how many records the kernel says were lost before them; -1 if it does not know
   */
  static long read(Bytes page, PageFormat format, Receiver receiver) {
    long nanos = page.unsignedAt(format.time().offset(), format.time().sizeBytes());
    long commit = page.unsignedAt(format.commit().offset(), format.commit().sizeBytes());
    Bytes data = page.slice(page.section() + " data", format.dataOffset(), commit & COMMIT_MASK);
    long size = data.sizeBytes();
    for (long at = 0; size - at >= HEADER_BYTES; ) {
      int word = (int) data.unsignedAt(at, HEADER_BYTES);
      // Bit fields begin at the end of the word that the byte order has first.
      int type = data.bigEndian() ? word >>> DELTA_BITS : word & ((1 << TYPE_BITS) - 1);
      long delta = data.bigEndian() ? word & ((1 << DELTA_BITS) - 1) : word >>> TYPE_BITS;
      if (type == PADDING && delta == 0) {
        break; // nothing but padding up to the page's end
      }
      if (type == TIME_EXTEND || type == TIME_STAMP) {
        long time = (data.unsignedAt(at + HEADER_BYTES, LENGTH_BYTES) << DELTA_BITS) + delta;
        nanos = type == TIME_EXTEND ? nanos + time : (nanos & NOT_IN_TIME_STAMP) | time;
        at += HEADER_BYTES + LENGTH_BYTES;
      } else if (type > 0 && type <= LARGEST_SMALL_RECORD) {
        nanos += delta;
        long length = (long) type * LENGTH_BYTES;
        receiver.record(nanos, data.slice("record", at + HEADER_BYTES, length));
        at += HEADER_BYTES + length;
      } else {
        long length = data.unsignedAt(at + HEADER_BYTES, LENGTH_BYTES);
        if (length < LENGTH_BYTES) {
          throw data.malformed(at, "record of " + length + " bytes");
        }
        if (type != PADDING) {
          nanos += delta;
          receiver.record(
              nanos, data.slice("record", at + HEADER_BYTES + LENGTH_BYTES, length - LENGTH_BYTES));
        }
        at += HEADER_BYTES + length;
      }
    }
    return missed(page, format, commit);
  }

  private static long missed(Bytes page, PageFormat format, long commit) {
    if ((commit & MISSED_EVENTS) == 0) {
      return 0;
    }
    return (commit & MISSED_STORED) == 0
        ? -1
        : page.unsignedAt(
            format.dataOffset() + (commit & COMMIT_MASK), format.commit().sizeBytes());
  }
}
