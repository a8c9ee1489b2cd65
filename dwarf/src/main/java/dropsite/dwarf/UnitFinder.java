package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the units that cover an address: by .debug_aranges (DWARF 5 §6.1.2) where that answers,
 * else by the root DIEs of the units that it leaves out, which are read once.
 */
final class UnitFinder {
  private final DwarfObject object;
  private volatile @Nullable AddressRanges listed;
  private volatile @Nullable AddressRanges unlisted;
  private final Set<Long> listedUnits = new HashSet<>();
  private long @Nullable [] silentUnits;

  UnitFinder(DwarfObject object) {
    this.object = object;
  }

  /** Returns the offsets of the units that .debug_aranges says cover an address. */
  long[] listed(long linkAddress) {
    AddressRanges ranges = listed;
    return (ranges == null ? readListed() : ranges).covering(linkAddress);
  }

  private synchronized AddressRanges readListed() {
    AddressRanges ranges = listed;
    if (ranges == null) {
      ranges = new AddressRanges(object.sections().get(Section.ARANGES));
      readAranges(ranges);
      listed = ranges;
    }
    return ranges;
  }

  /**
   * Returns the offsets of units that .debug_aranges does not mention and whose root DIE covers an
   * address.
   */
  long[] unlisted(long linkAddress) {
    AddressRanges ranges = unlisted;
    return (ranges == null ? readUnlisted() : ranges).covering(linkAddress);
  }

  private synchronized AddressRanges readUnlisted() {
    AddressRanges ranges = unlisted;
    if (ranges == null) {
      readListed();
      ranges = new AddressRanges(object.sections().get(Section.INFO));
      readRoots(ranges);
      unlisted = ranges;
    }
    return ranges;
  }

  /** Gives every range of code with the offset of the unit that it belongs to. */
  void forEach(AddressRanges.Receiver receiver) {
    readUnlisted().forEach(receiver);
    readListed().forEach(receiver);
  }

  /** Returns the offsets of units that nowhere say what they cover. */
  synchronized long[] silent() {
    readUnlisted();
    return silentUnits == null ? new long[0] : silentUnits;
  }

  private void readAranges(AddressRanges found) {
    Bytes section = object.sections().get(Section.ARANGES);
    ByteCursor cursor = section.cursor(0);
    long infoSize = object.sections().get(Section.INFO).sizeBytes();
    while (cursor.hasRemaining()) {
      long start = cursor.position();
      InitialLength length = InitialLength.read(cursor);
      int version = cursor.u16();
      long unit = cursor.unsigned(length.dwarf64() ? 8 : 4);
      int addressSize = cursor.u8();
      int selectorSize = cursor.u8();
      if (version != 2 || selectorSize != 0 || (addressSize != 4 && addressSize != 8)) {
        throw section.malformed(start, "address range set of version " + version);
      }
      if (unit < 0 || unit >= infoSize) {
        throw section.malformed(start, "no unit at 0x" + Long.toHexString(unit));
      }
      // Tuples are aligned to their size, counted from the start of the set.
      long tuple = 2L * addressSize;
      cursor.seek(start + (cursor.position() - start + tuple - 1) / tuple * tuple);
      readSet(cursor, length.end(), addressSize, unit, found);
      cursor.seek(length.end());
    }
  }

  private void readSet(
      ByteCursor cursor, long end, int addressSize, long unit, AddressRanges found) {
    Encoding encoding = new Encoding(2, false, addressSize);
    int before = found.size();
    while (cursor.position() + 2L * addressSize <= end) {
      long low = cursor.unsigned(addressSize);
      long length = cursor.unsigned(addressSize);
      boolean dead =
          encoding.tombstone(low)
              || (Long.compareUnsigned(low, 1) <= 0 && !object.addressSpace().executableAt(low));
      if (length != 0 && !dead) {
        found.add(low, low + length, unit);
      }
    }
    if (found.size() > before) {
      listedUnits.add(unit);
    }
  }

  private void readRoots(AddressRanges found) {
    long[] silent = new long[16];
    int count = 0;
    Bytes info = object.sections().get(Section.INFO);
    for (long offset : object.unitOffsets()) {
      if (listedUnits.contains(offset) || UnitHeader.read(info.cursor(offset), false).isType()) {
        continue;
      }
      Unit unit = object.unitAt(offset);
      int before = found.size();
      new RangeReader(unit).ranges(unit.root(), (low, high) -> found.add(low, high, offset));
      if (found.size() == before && unit.root().tag() != Dw.TAG_PARTIAL_UNIT) {
        if (count == silent.length) {
          silent = Arrays.copyOf(silent, count * 2);
        }
        silent[count++] = offset;
      }
      object.used(unit);
    }
    silentUnits = Arrays.copyOf(silent, count);
  }
}
