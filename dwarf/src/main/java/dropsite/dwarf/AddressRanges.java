package dropsite.dwarf;

import dropsite.bytes.Bytes;
import java.util.Arrays;

/**
 * Address ranges, each with a number: filled first, then searched.
 *
 * <p>Primitive and parallel, since a kernel has hundreds of thousands of them. Ranges may overlap.
 */
final class AddressRanges {
  /** Far beyond the largest image's functions; only a hostile file lists more. */
  private static final int MAX_RANGES = 1 << 22;

  private static final int[] NOTHING = {};

  private final Bytes source;
  private long[] lows = new long[16];
  private long[] highs = new long[16];
  private long[] numbers = new long[16];

  /** When each range was added. */
  private int[] ranks = new int[16];

  /** The highest end among a range and all before it, which tells how far back to look. */
  private long[] reach = new long[0];

  private int count;
  private boolean sorted = true;

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
      ranks = Arrays.copyOf(ranks, capacity);
    }
    lows[count] = low;
    highs[count] = high;
    numbers[count] = number;
    ranks[count] = count;
    count++;
    sorted = false;
  }

  int size() {
    return count;
  }

  int weightBytes() {
    return lows.length * 36;
  }

  /** Returns the numbers of the ranges that cover an address, those added last first. */
  synchronized long[] covering(long address) {
    sort();
    int[] hits = NOTHING;
    for (int i = lastNotAbove(address); i >= 0 && above(reach[i], address); i--) {
      if (above(highs[i], address)) {
        hits = Arrays.copyOf(hits, hits.length + 1);
        hits[hits.length - 1] = i;
      }
    }
    return byRank(hits);
  }

  private long[] byRank(int[] hits) {
    return Arrays.stream(hits)
        .boxed()
        .sorted((left, right) -> Integer.compare(ranks[right], ranks[left]))
        .mapToLong(index -> numbers[index])
        .toArray();
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
    Integer[] order = new Integer[count];
    Arrays.setAll(order, index -> index);
    Arrays.sort(order, (left, right) -> Long.compareUnsigned(lows[left], lows[right]));
    long[] oldLows = lows;
    long[] oldHighs = highs;
    long[] oldNumbers = numbers;
    int[] oldRanks = ranks;
    lows = new long[count];
    highs = new long[count];
    numbers = new long[count];
    ranks = new int[count];
    reach = new long[count];
    long furthest = 0;
    for (int i = 0; i < count; i++) {
      int from = order[i];
      lows[i] = oldLows[from];
      highs[i] = oldHighs[from];
      numbers[i] = oldNumbers[from];
      ranks[i] = oldRanks[from];
      furthest = above(highs[i], furthest) ? highs[i] : furthest;
      reach[i] = furthest;
    }
    sorted = true;
  }
}
