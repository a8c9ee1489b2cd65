package dropsite.dwarf;

import java.util.Arrays;

/** Addresses within a range, collected and sorted: where something changes. */
final class Cuts {
  private final long low;
  private final long high;
  private long[] found = new long[16];
  private int count;

  Cuts(long low, long high) {
    this.low = low;
    this.high = high;
    add(low);
    found[count++] = high;
  }

  void add(long address) {
    if (Long.compareUnsigned(address - low, high - low) >= 0) {
      return;
    }
    if (count + 1 >= found.length) {
      found = Arrays.copyOf(found, found.length * 2);
    }
    found[count++] = address;
  }

  /** Sorted from {@code low} on, each once. */
  long[] sorted() {
    for (int i = 0; i < count; i++) {
      found[i] -= low;
    }
    Arrays.sort(found, 0, count);
    int unique = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || found[i] != found[i - 1]) {
        found[unique++] = found[i];
      }
    }
    long[] sorted = Arrays.copyOf(found, unique);
    for (int i = 0; i < unique; i++) {
      sorted[i] += low;
    }
    return sorted;
  }
}
