package dropsite.bytes;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Sorting by unsigned keys without an object per key where that is possible. */
public final class UnsignedOrder {
  private UnsignedOrder() {}

  /**
   * Returns the positions of the first {@code count} keys in ascending unsigned order; equal keys
   * keep their order.
   */
  public static int[] of(long[] keys, int count) {
    int positionBits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(count - 1, 1));
    // Kernel text and modules lie within 2 GiB of each other; what does not fit beside the position
    // in 63 bits are images with a second group of addresses (per-CPU data at 0), which are
    // rebased.
    long base = lowestOfUpperGroup(keys, count);
    long room = 1L << (Long.SIZE - 2 - positionBits);
    long[] packed = new long[count];
    for (int i = 0; i < count; i++) {
      long distance = keys[i] - base;
      if ((keys[i] >= 0) == (base >= 0)) {
        if (Long.compareUnsigned(distance, room) >= 0) {
          return byComparing(keys, count);
        }
        distance += room;
      } else {
        distance = keys[i];
        if (Long.compareUnsigned(distance, room) >= 0) {
          return byComparing(keys, count);
        }
      }
      packed[i] = (distance << positionBits) | i;
    }
    Arrays.sort(packed);
    int[] order = new int[count];
    int mask = (1 << positionBits) - 1;
    for (int i = 0; i < count; i++) {
      order[i] = (int) packed[i] & mask;
    }
    return order;
  }

  /** Returns the least key with the highest bit set, or 0 when no key has it. */
  private static long lowestOfUpperGroup(long[] keys, int count) {
    long lowest = 0;
    for (int i = 0; i < count; i++) {
      if (keys[i] < lowest) {
        lowest = keys[i];
      }
    }
    return lowest;
  }

  private static int[] byComparing(long[] keys, int count) {
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparing(i -> keys[i], Long::compareUnsigned))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
