package dropsite.dwarf;

import dropsite.symbols.CodeRegion;
import java.util.ArrayList;
import java.util.List;

/** A set of addresses as ranges, ascending and apart. */
final class CodeRanges {
  private List<CodeRegion.Range> ranges = new ArrayList<>();

  /** Adds ranges in any order, which may overlap each other and what is there. */
  void addAll(List<CodeRegion.Range> added) {
    List<CodeRegion.Range> all = new ArrayList<>(ranges);
    all.addAll(added);
    all.sort((left, right) -> Long.compareUnsigned(left.low(), right.low()));
    List<CodeRegion.Range> joined = new ArrayList<>();
    for (CodeRegion.Range range : all) {
      CodeRegion.Range last = joined.isEmpty() ? null : joined.getLast();
      if (last == null || Long.compareUnsigned(range.low(), last.high()) > 0) {
        joined.add(range);
      } else if (Long.compareUnsigned(range.high(), last.high()) > 0) {
        joined.set(joined.size() - 1, new CodeRegion.Range(last.low(), range.high()));
      }
    }
    ranges = joined;
  }

  List<CodeRegion.Range> ranges() {
    return ranges;
  }

  /** Returns the parts of a range that are not in this set. */
  List<CodeRegion.Range> gapsIn(long low, long high) {
    List<CodeRegion.Range> gaps = new ArrayList<>();
    long at = low;
    for (CodeRegion.Range range : ranges) {
      if (Long.compareUnsigned(range.high(), at) <= 0) {
        continue;
      }
      if (Long.compareUnsigned(range.low(), high) >= 0) {
        break;
      }
      if (Long.compareUnsigned(at, range.low()) < 0) {
        gaps.add(new CodeRegion.Range(at, range.low()));
      }
      at = range.high();
    }
    if (Long.compareUnsigned(at, high) < 0) {
      gaps.add(new CodeRegion.Range(at, high));
    }
    return gaps;
  }
}
