package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import org.jspecify.annotations.Nullable;

/**
 * Location lists: .debug_loclists (DWARF 5 §7.7.3), .debug_loc (DWARF 4 §2.6.2), and GNU's form of
 * the latter in split files.
 */
final class LocationLists {
  private static final int LLE_END_OF_LIST = 0;
  private static final int LLE_BASE_ADDRESSX = 1;
  private static final int LLE_STARTX_ENDX = 2;
  private static final int LLE_STARTX_LENGTH = 3;
  private static final int LLE_OFFSET_PAIR = 4;
  private static final int LLE_DEFAULT_LOCATION = 5;
  private static final int LLE_BASE_ADDRESS = 6;
  private static final int LLE_START_END = 7;
  private static final int LLE_START_LENGTH = 8;
  private static final int LLE_GNU_VIEW_PAIR = 9;

  /** One past the last address there is, less one: nothing lies at the last. */
  private static final long EVERYWHERE = -1;

  private final Unit unit;

  /** Kept, since lists that are asked for one after the other mostly stand so, too. */
  private @Nullable ByteCursor cursor;

  LocationLists(Unit unit) {
    this.unit = unit;
  }

  /** Takes the entries of a list one by one. */
  interface Receiver {
    /**
     * Takes an entry.
     *
     * @param low first link-time address
     * @param high one past the last
     * @param cursor at the expression; may be moved
     * @param sizeBytes of the expression
     * @return whether to go on
     */
    boolean entry(long low, long high, ByteCursor cursor, long sizeBytes);
  }

  /** Returns the expression in force at an address; null when none is. */
  @Nullable ByteCursor expressionAt(Die.Value location, long linkAddress) {
    @Nullable ByteCursor[] found = new ByteCursor[1];
    forEach(
        location,
        (low, high, at, sizeBytes) -> {
          if (!covers(low, high, linkAddress)) {
            return true;
          }
          found[0] = at.sub(sizeBytes);
          return false;
        });
    return found[0];
  }

  /** Gives the entries of a list in the order in which they hold: the first that covers. */
  void forEach(Die.Value location, Receiver receiver) {
    if (unit.header().encoding().version() >= 5) {
      standard(at(Section.LOCLISTS, unit.locationListOffset(location)), receiver);
    } else if (unit.sections().split()) {
      gnuSplit(at(Section.LOC, location.raw()), receiver);
    } else {
      plain(at(Section.LOC, location.raw()), receiver);
    }
  }

  private ByteCursor at(Section section, long offset) {
    if (cursor == null) {
      cursor = unit.sections().get(section).cursor(offset);
    } else {
      cursor.seek(offset);
    }
    return cursor;
  }

  private static boolean give(
      long low, long high, ByteCursor cursor, long sizeBytes, Receiver receiver) {
    long start = cursor.position();
    cursor.skip(sizeBytes);
    long end = cursor.position();
    cursor.seek(start);
    boolean goOn = receiver.entry(low, high, cursor, sizeBytes);
    cursor.seek(end);
    return goOn;
  }

  private void standard(ByteCursor cursor, Receiver receiver) {
    int size = unit.header().encoding().addressSizeBytes();
    long base = unit.lowPc();
    ByteCursor otherwise = null;
    while (true) {
      int kind = cursor.u8();
      long low = 0;
      long high = 0;
      switch (kind) {
        case LLE_END_OF_LIST -> {
          if (otherwise != null) {
            give(0, EVERYWHERE, otherwise, otherwise.remaining(), receiver);
          }
          return;
        }
        case LLE_BASE_ADDRESSX -> base = unit.addressAt(cursor.uleb());
        case LLE_BASE_ADDRESS -> base = cursor.unsigned(size);
        case LLE_GNU_VIEW_PAIR -> {
          cursor.skipLeb();
          cursor.skipLeb();
        }
        case LLE_STARTX_ENDX -> {
          low = unit.addressAt(cursor.uleb());
          high = unit.addressAt(cursor.uleb());
        }
        case LLE_STARTX_LENGTH -> {
          low = unit.addressAt(cursor.uleb());
          high = low + cursor.uleb();
        }
        case LLE_OFFSET_PAIR -> {
          low = base + cursor.uleb();
          high = base + cursor.uleb();
        }
        case LLE_START_END -> {
          low = cursor.unsigned(size);
          high = cursor.unsigned(size);
        }
        case LLE_START_LENGTH -> {
          low = cursor.unsigned(size);
          high = low + cursor.uleb();
        }
        case LLE_DEFAULT_LOCATION -> {
          // Holds wherever no other entry does.
        }
        default -> throw cursor.malformed("location list entry of kind " + kind);
      }
      boolean hasExpression =
          kind != LLE_BASE_ADDRESSX && kind != LLE_BASE_ADDRESS && kind != LLE_GNU_VIEW_PAIR;
      if (hasExpression) {
        long sizeBytes = cursor.uleb();
        if (kind == LLE_DEFAULT_LOCATION) {
          otherwise = cursor.sub(sizeBytes);
        } else if (!give(low, high, cursor, sizeBytes, receiver)) {
          return;
        }
      }
    }
  }

  private void plain(ByteCursor cursor, Receiver receiver) {
    Encoding encoding = unit.header().encoding();
    int size = encoding.addressSizeBytes();
    long base = unit.lowPc();
    while (true) {
      long begin = cursor.unsigned(size);
      long end = cursor.unsigned(size);
      if (begin == 0 && end == 0) {
        return;
      }
      if (begin == encoding.truncated(-1)) {
        base = end;
        continue;
      }
      if (!give(base + begin, base + end, cursor, cursor.u16(), receiver)) {
        return;
      }
    }
  }

  /** GNU's split lists: kinds 1 base, 2 start and end, 3 start and length, 4 offsets (GCC wiki). */
  private void gnuSplit(ByteCursor cursor, Receiver receiver) {
    long base = unit.lowPc();
    while (true) {
      int kind = cursor.u8();
      long low;
      long high;
      switch (kind) {
        case 0 -> {
          return;
        }
        case 1 -> {
          base = unit.addressAt(cursor.uleb());
          continue;
        }
        case 2 -> {
          low = unit.addressAt(cursor.uleb());
          high = unit.addressAt(cursor.uleb());
        }
        case 3 -> {
          low = unit.addressAt(cursor.uleb());
          high = low + cursor.u32();
        }
        case 4 -> {
          low = base + cursor.u32();
          high = base + cursor.u32();
        }
        default -> throw cursor.malformed("location list entry of kind " + kind);
      }
      if (!give(low, high, cursor, cursor.u16(), receiver)) {
        return;
      }
    }
  }

  private static boolean covers(long low, long high, long address) {
    return Long.compareUnsigned(address - low, high - low) < 0;
  }
}
