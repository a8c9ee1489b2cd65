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

  /** When each range was added; once sorted, before that ranges stand in this order. */
  private int[] ranks = {};

  /** The highest end among a range and all before it, which tells how far back to look. */
  private long[] reach = NONE;

  /** Where the range that was added last of those that cover changes, ascending; once sorted. */
  private long[] edges = NONE;

  /** The range that wins from each edge on; negative where none covers. */
  private int[] winners = {};

  private int edgeCount;

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
    return 96 + lows.length * 24 + edges.length * 12 + reach.length * 12;
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
    int at = lastNotAbove(edges, edgeCount, address);
    return at < 0 || winners[at] == NOTHING ? NOTHING : numbers[winners[at]];
  }

  private long lastByScan(long address) {
    for (int i = count - 1; i >= 0; i--) {
      if (covers(i, address)) {
        return numbers[i];
      }
    }
    return NOTHING;
  }

  /** Returns the numbers of all ranges that cover an address, in the order they were added. */
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
    for (int i = lastNotAbove(lows, count, address); i >= 0 && above(reach[i], address); i--) {
      if (above(highs[i], address)) {
        found = with(found, ((long) ranks[i] << Integer.SIZE) | i);
      }
    }
    Arrays.sort(found);
    for (int i = 0; i < found.length; i++) {
      found[i] = numbers[(int) found[i]];
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

  /** Returns the index of the last of the ascending values that is not above an address, or -1. */
  private static int lastNotAbove(long[] values, int count, long address) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (above(values[middle], address)) {
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
    lows = inOrder(lows, ranks);
    highs = inOrder(highs, ranks);
    numbers = inOrder(numbers, ranks);
    reach = new long[count];
    long furthest = 0;
    for (int i = 0; i < count; i++) {
      furthest = above(highs[i], furthest) ? highs[i] : furthest;
      reach[i] = furthest;
    }
    flatten();
    sorted = true;
  }

  /**
   * Finds which range wins where: a sweep over all ends, with the ranges that have begun in a heap,
   * those added last on top.
   */
  private void flatten() {
    long[] ends = inOrder(highs, UnsignedOrder.of(highs, count));
    edges = new long[2 * count];
    winners = new int[2 * count];
    long[] begun = new long[count];
    int size = 0;
    int start = 0;
    int end = 0;
    while (end < count) {
      boolean opens = start < count && !above(lows[start], ends[end]);
      long at = opens ? lows[start] : ends[end];
      while (start < count && lows[start] == at) {
        push(begun, size++, ((long) ranks[start] << Integer.SIZE) | start);
        start++;
      }
      while (end < count && ends[end] == at) {
        end++;
      }
      while (size > 0 && !above(highs[(int) begun[0]], at)) {
        pop(begun, size--);
      }
      int winner = size == 0 ? NOTHING : (int) begun[0];
      if (edgeCount == 0 || winners[edgeCount - 1] != winner) {
        edges[edgeCount] = at;
        winners[edgeCount] = winner;
        edgeCount++;
      }
    }
  }

  /** Adds to a heap whose greatest element is the first. */
  private static void push(long[] heap, int size, long added) {
    int at = size;
    while (at > 0 && heap[(at - 1) / 2] < added) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = added;
  }

  /** Takes the greatest element away. */
  private static void pop(long[] heap, int size) {
    long moved = heap[size - 1];
    int at = 0;
    while (2 * at + 1 < size - 1) {
      int child = 2 * at + 1;
      if (child + 1 < size - 1 && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= moved) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moved;
  }

  private long[] inOrder(long[] values, int[] order) {
    long[] ordered = new long[count];
    for (int i = 0; i < count; i++) {
      ordered[i] = values[order[i]];
    }
    return ordered;
  }
}
