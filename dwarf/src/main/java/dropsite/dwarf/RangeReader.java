package dropsite.dwarf;

import dropsite.bytes.ByteCursor;

/**
 * The code ranges of a DIE: DW_AT_low_pc with DW_AT_high_pc, or DW_AT_ranges in .debug_ranges
 * (DWARF 4 §2.17.3) or .debug_rnglists (DWARF 5 §2.17.3, §7.25).
 */
final class RangeReader {
  private static final int RLE_END_OF_LIST = 0;
  private static final int RLE_BASE_ADDRESSX = 1;
  private static final int RLE_STARTX_ENDX = 2;
  private static final int RLE_STARTX_LENGTH = 3;
  private static final int RLE_OFFSET_PAIR = 4;
  private static final int RLE_BASE_ADDRESS = 5;
  private static final int RLE_START_END = 6;
  private static final int RLE_START_LENGTH = 7;

  private final Unit unit;

  RangeReader(Unit unit) {
    this.unit = unit;
  }

  /** Receives a range of link-time addresses. */
  interface Sink {
    void range(long low, long high);
  }

  /** Gives every live range of a DIE that has just been read. */
  void ranges(Die die, Sink sink) {
    Die.Value ranges = die.value(Dw.AT_RANGES);
    if (ranges != null) {
      list(ranges, sink);
      return;
    }
    Die.Value low = die.value(Dw.AT_LOW_PC);
    Die.Value high = die.value(Dw.AT_HIGH_PC);
    if (low != null && high != null) {
      long start = unit.address(low);
      give(start, Forms.isConstant(high.form()) ? start + high.raw() : unit.address(high), sink);
    }
  }

  private void list(Die.Value ranges, Sink sink) {
    if (unit.header().encoding().version() >= 5) {
      rangeLists(unit.rangeListOffset(ranges), sink);
    } else {
      plainRanges(ranges.raw() + unit.gnuRangesBase(), sink);
    }
  }

  private void plainRanges(long offset, Sink sink) {
    Encoding encoding = unit.header().encoding();
    int size = encoding.addressSizeBytes();
    ByteCursor cursor = unit.addressSections().get(Section.RANGES).cursor(offset);
    long base = unit.lowPc();
    while (true) {
      long begin = cursor.unsigned(size);
      long end = cursor.unsigned(size);
      if (begin == 0 && end == 0) {
        return;
      }
      if (begin == encoding.truncated(-1)) {
        base = end;
      } else if (!encoding.tombstone(begin)) {
        give(base + begin, base + end, sink);
      }
    }
  }

  private void rangeLists(long offset, Sink sink) {
    Encoding encoding = unit.header().encoding();
    int size = encoding.addressSizeBytes();
    ByteCursor cursor = unit.sections().get(Section.RNGLISTS).cursor(offset);
    long base = unit.lowPc();
    while (true) {
      int kind = cursor.u8();
      switch (kind) {
        case RLE_END_OF_LIST -> {
          return;
        }
        case RLE_BASE_ADDRESSX -> base = unit.addressAt(cursor.uleb());
        case RLE_BASE_ADDRESS -> base = cursor.unsigned(size);
        case RLE_STARTX_ENDX ->
            give(unit.addressAt(cursor.uleb()), unit.addressAt(cursor.uleb()), sink);
        case RLE_STARTX_LENGTH -> {
          long start = unit.addressAt(cursor.uleb());
          give(start, start + cursor.uleb(), sink);
        }
        case RLE_OFFSET_PAIR -> {
          long begin = cursor.uleb();
          long end = cursor.uleb();
          if (!encoding.tombstone(base)) {
            give(base + begin, base + end, sink);
          }
        }
        case RLE_START_END -> give(cursor.unsigned(size), cursor.unsigned(size), sink);
        case RLE_START_LENGTH -> {
          long start = cursor.unsigned(size);
          give(start, start + cursor.uleb(), sink);
        }
        default -> throw cursor.malformed("range list entry of kind " + kind);
      }
    }
  }

  private void give(long low, long high, Sink sink) {
    Encoding encoding = unit.header().encoding();
    if (!encoding.tombstone(low) && !unit.deadAddress(low)) {
      sink.range(encoding.truncated(low), encoding.truncated(high));
    }
  }
}
