package dropsite.gsym;

/**
 * Where the functions of a file begin and how far they reach, copied out of the file for many
 * lookups.
 *
 * <p>The addresses are cut into buckets of equal width, about as many as there are functions, so
 * that a search begins among a few of them.
 */
final class AddressIndex {
  private static final int MOST_BUCKETS = 1 << 20;

  private final long base;

  /** Start of each function, from the base, ascending. */
  private final long[] starts;

  /** For each function the furthest end of it and all before it, as an unsigned address. */
  private final long[] furthestEnds;

  private final int bucketBits;

  /** For each bucket how many functions begin before it; one more than there are buckets. */
  private final int[] before;

  AddressIndex(AddressTable addresses, FunctionTable functions) {
    int count = addresses.count();
    this.base = addresses.baseAddress();
    this.starts = new long[count];
    this.furthestEnds = new long[count];
    long furthest = 0;
    for (int i = 0; i < count; i++) {
      long start = addresses.start(i);
      long end = start + functions.sizeBytesAt(i);
      // A function that reaches the end of the address space has no larger end.
      end = Long.compareUnsigned(end, start) < 0 ? -1 : end;
      furthest = Long.compareUnsigned(end, furthest) > 0 ? end : furthest;
      starts[i] = start - base;
      furthestEnds[i] = furthest;
    }
    long last = count == 0 ? 0 : starts[count - 1];
    long buckets = Math.clamp(2L * count, 1, MOST_BUCKETS);
    int bits = 0;
    while (Long.compareUnsigned(last >>> bits, buckets) >= 0) {
      bits++;
    }
    this.bucketBits = bits;
    this.before = new int[(int) (last >>> bits) + 2];
    int entry = 0;
    for (int bucket = 1; bucket < before.length; bucket++) {
      while (entry < count && Long.compareUnsigned(starts[entry] >>> bits, bucket) < 0) {
        entry++;
      }
      before[bucket] = entry;
    }
  }

  /** Returns the last function that starts at or before an address; -1 when all start behind it. */
  int lastAtOrBefore(long address) {
    if (Long.compareUnsigned(address, base) < 0) {
      return -1;
    }
    long wanted = address - base;
    long bucket = wanted >>> bucketBits;
    int lastBucket = before.length - 2;
    int in = bucket < 0 || bucket > lastBucket ? lastBucket : (int) bucket;
    int low = before[in];
    int high = before[in + 1];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(starts[middle], wanted) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Returns the unsigned address at which a function starts. */
  long start(int entry) {
    return base + starts[entry];
  }

  /** Returns whether a function, or one before it, reaches behind an address. */
  boolean reaches(long address, int entry) {
    return Long.compareUnsigned(furthestEnds[entry], address) > 0;
  }
}
