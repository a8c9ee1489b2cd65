package dropsite.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.bytes.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressRangesTest {
  /** On both sides of the sign bit: addresses are unsigned. */
  private static final long BASE = Long.MAX_VALUE - 60;

  private static final int SPACE = 120;

  private record Range(long low, long high) {
    boolean covers(long address) {
      return address - low >= 0 && address - high < 0;
    }
  }

  @Test
  void findsTheLastRangeAddedAndAllRangesHoweverTheyOverlap() {
    Random random = new Random(20);
    for (int round = 0; round < 400; round++) {
      AddressRanges ranges =
          new AddressRanges(
              new Bytes("file", "section", MemorySegment.ofArray(new byte[0]), false));
      List<Range> added = new ArrayList<>();
      int count = random.nextInt(40);
      for (int i = 0; i < count; i++) {
        long low = BASE + random.nextInt(SPACE);
        Range range = new Range(low, low + random.nextInt(random.nextBoolean() ? 4 : 60));
        ranges.add(range.low, range.high, added.size());
        if (range.low != range.high) {
          added.add(range);
        }
      }
      // Twice: few questions are answered by looking at every range, more by a table.
      for (int pass = 0; pass < 2; pass++) {
        for (int at = 0; at < SPACE + 60; at++) {
          long address = BASE + at;
          List<Long> covering = covering(added, address);
          assertThat(ranges.lastCovering(address))
              .isEqualTo(covering.isEmpty() ? -1 : covering.getLast());
          assertThat(Arrays.stream(ranges.covering(address)).boxed())
              .containsExactlyElementsOf(covering);
        }
      }
    }
  }

  private static List<Long> covering(List<Range> ranges, long address) {
    List<Long> found = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).covers(address)) {
        found.add((long) i);
      }
    }
    return found;
  }
}
