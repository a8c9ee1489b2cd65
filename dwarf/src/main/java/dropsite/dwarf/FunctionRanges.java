package dropsite.dwarf;

import java.util.function.LongConsumer;

/** Which function DIE of a unit covers an address. */
final class FunctionRanges {
  private final AddressRanges ranges;

  private FunctionRanges(Unit unit) {
    this.ranges = new AddressRanges(unit.info());
  }

  /**
   * Reads the functions outside of other functions, jumping over everything else: enough for almost
   * every address.
   */
  static FunctionRanges outermost(Unit unit) {
    return read(unit, false);
  }

  /** Reads functions at any depth, such as GNU C's nested ones: a walk over every DIE. */
  static FunctionRanges all(Unit unit) {
    return read(unit, true);
  }

  private static FunctionRanges read(Unit unit, boolean nested) {
    FunctionRanges found = new FunctionRanges(unit);
    if (!unit.root().hasChildren()) {
      return found;
    }
    RangeReader reader = new RangeReader(unit);
    Die die = unit.children();
    int depth = 1;
    while (depth > 0) {
      if (!nested) {
        die.pass(Abbreviation.FUNCTIONS);
      }
      if (die.atEnd()) {
        break;
      }
      if (!die.next()) {
        depth--;
        continue;
      }
      int tag = die.tag();
      boolean descend = nested || tag == Dw.TAG_NAMESPACE || tag == Dw.TAG_MODULE;
      if (tag == Dw.TAG_SUBPROGRAM && die.hasCode()) {
        die.read();
        long offset = die.offset();
        reader.ranges(die, (low, high) -> found.ranges.add(low, high, offset));
        if (!descend) {
          die.skipChildren();
        }
      } else if (descend) {
        die.skipAttributes();
      } else {
        die.skipTree();
      }
      if (descend && die.hasChildren()) {
        depth++;
      }
    }
    return found;
  }

  /** Returns the offset of the DIE; of several the last in the file; negative when none covers. */
  long at(long linkAddress) {
    return ranges.lastCovering(linkAddress);
  }

  void forEach(AddressRanges.Receiver receiver) {
    ranges.forEach(receiver);
  }

  void forEachBound(LongConsumer receiver) {
    ranges.forEachBound(receiver);
  }

  int weightBytes() {
    return ranges.weightBytes();
  }
}
