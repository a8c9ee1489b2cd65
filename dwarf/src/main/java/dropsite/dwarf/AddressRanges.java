package dropsite.dwarf;

import dropsite.bytes.Bytes;
import dropsite.bytes.UnsignedOrder;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Address ranges, each with a number: filled first, then searched.
 *
 * <p>Primitive and parallel, since a kernel has hundreds of thousands of them. Ranges may overlap.
 * They are sorted only when enough questions come to pay for it.
 */
final class AddressRanges {
  /** Far beyond the largest image's functions; only a hostile file lists more. */
  private static final int MAX_RANGES = 1 << 22;

  /** Sorting costs about as much as this many scans. */
  private static final int SCANS_BEFORE_SORTING = 8;

  private static final int NOTHING = -1;
  private static final long[] NONE = {};

  private final Bytes source;
  private long[] lows = new long[8];
  private long[] highs = new long[8];
  private long[] numbers = new long[8];
  private int count;
  private int scans;

  /** Set last when sorting: whoever sees it set may search without a lock. */
  private volatile boolean sorted;

  /** When each range was added; only once sorted, before that ranges stand in this order. */
  private int[] ranks = new int[0];

  /** The highest end among a range and all before it, which tells how far back to look. */
  private long[] reach = new long[0];

  /**
   * @param source what the ranges are read from, for messages
   */
  AddressRanges(Bytes source) {
    this.source = source;
  }

  /**
   * Adds [low, high), unless it is empty.
   *
   * @throws dropsite.bytes.MalformedInputException when there are too many
   */
  void add(long low, long high, long number) {
    if (Long.compareUnsigned(low, high) >= 0) {
      return;
    }
    if (count == MAX_RANGES) {
      throw source.malformed(0, "more than " + MAX_RANGES + " address ranges");
    }
    if (count == lows.length) {
      int capacity = count * 2;
      lows = Arrays.copyOf(lows, capacity);
      highs = Arrays.copyOf(highs, capacity);
      numbers = Arrays.copyOf(numbers, capacity);
    }
    lows[count] = low;
    highs[count] = high;
    numbers[count] = number;
    count++;
  }

  int size() {
    return count;
  }

  /** Gives both ends of every range. */
  void forEachBound(LongConsumer receiver) {
    for (int i = 0; i < count; i++) {
      receiver.accept(lows[i]);
      receiver.accept(highs[i]);
    }
  }

  /** Gives every range with its number. */
  void forEach(Receiver receiver) {
    for (int i = 0; i < count; i++) {
      receiver.range(lows[i], highs[i], numbers[i]);
    }
  }

  /** Receives a range. */
  interface Receiver {
    void range(long low, long high, long number);
  }

  int weightBytes() {
    return 96 + lows.length * 24 + ranks.length * 12;
  }

  /** Returns the number of the range added last of those that cover an address, or -1. */
  long lastCovering(long address) {
    if (!sorted) {
      if (count < SCANS_BEFORE_SORTING) {
        return lastByScan(address);
      }
      synchronized (this) {
        if (scanning()) {
          return lastByScan(address);
        }
      }
    }
    int best = NOTHING;
    for (int i = lastNotAbove(address); i >= 0 && above(reach[i], address); i--) {
      if (above(highs[i], address) && (best == NOTHING || ranks[i] > ranks[best])) {
        best = i;
      }
    }
    return best == NOTHING ? NOTHING : numbers[best];
  }

  private long lastByScan(long address) {
    for (int i = count - 1; i >= 0; i--) {
      if (covers(i, address)) {
        return numbers[i];
      }
    }
    return NOTHING;
  }

  /** Returns the numbers of all ranges that cover an address, in no particular order. */
  long[] covering(long address) {
    if (!sorted) {
      if (count < SCANS_BEFORE_SORTING) {
        return allByScan(address);
      }
      synchronized (this) {
        if (scanning()) {
          return allByScan(address);
        }
      }
    }
    long[] found = NONE;
    for (int i = lastNotAbove(address); i >= 0 && above(reach[i], address); i--) {
      if (above(highs[i], address)) {
        found = with(found, numbers[i]);
      }
    }
    return found;
  }

  private long[] allByScan(long address) {
    long[] found = NONE;
    for (int i = 0; i < count; i++) {
      if (covers(i, address)) {
        found = with(found, numbers[i]);
      }
    }
    return found;
  }

  /** Returns one number more: seldom more than one in all. */
  private static long[] with(long[] some, long number) {
    long[] more = Arrays.copyOf(some, some.length + 1);
    more[some.length] = number;
    return more;
  }

  private boolean scanning() {
    if (!sorted && scans++ < SCANS_BEFORE_SORTING) {
      return true;
    }
    sort();
    return false;
  }

  private boolean covers(int index, long address) {
    return Long.compareUnsigned(address - lows[index], highs[index] - lows[index]) < 0;
  }

  private int lastNotAbove(long address) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (above(lows[middle], address)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low - 1;
  }

  private static boolean above(long end, long address) {
    return Long.compareUnsigned(end, address) > 0;
  }

  private void sort() {
    if (sorted) {
      return;
    }
    ranks = UnsignedOrder.of(lows, count);
    lows = inOrder(lows);
    highs = inOrder(highs);
    numbers = inOrder(numbers);
    reach = new long[count];
    long furthest = 0;
    for (int i = 0; i < count; i++) {
      furthest = above(highs[i], furthest) ? highs[i] : furthest;
      reach[i] = furthest;
    }
    sorted = true;
  }

  private long[] inOrder(long[] values) {
    long[] ordered = new long[count];
    for (int i = 0; i < count; i++) {
      ordered[i] = values[ranks[i]];
    }
    return ordered;
  }
}
