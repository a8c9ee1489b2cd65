package dropsite.gsym;

import dropsite.bytes.Bytes;

/**
 * Start addresses of all functions, ascending, and where the information on each of them lies; both
 * are read in place.
 *
 * <p>Several entries may have the same start.
 */
final class AddressTable {
  private final long baseAddress;
  private final int elementSize;
  private final int count;
  private final Bytes starts;
  private final Bytes infoOffsets;
  private final long endOffset;

  /**
   * @param file the whole file
   */
  AddressTable(Bytes file, GsymHeader header) {
    this.baseAddress = header.baseAddress();
    this.elementSize = header.addressOffsetSize();
    if (header.addressCount() > Integer.MAX_VALUE) {
      throw file.malformed(16, header.addressCount() + " addresses");
    }
    this.count = (int) header.addressCount();
    // Each table is aligned to the size of its elements; the header's 48 bytes suit any of them.
    long startsSize = (long) count * elementSize;
    this.starts = file.slice("address table", GsymHeader.SIZE_BYTES, startsSize);
    long infosOffset = (GsymHeader.SIZE_BYTES + startsSize + 3) & ~3L;
    long infosSize = (long) count * Integer.BYTES;
    this.infoOffsets = file.slice("address info offsets", infosOffset, infosSize);
    this.endOffset = infosOffset + infosSize;
  }

  /** Returns the number of entries. */
  int count() {
    return count;
  }

  /** Returns where the next table begins, from the start of the file. */
  long endOffset() {
    return endOffset;
  }

  /** Returns what no entry starts before. */
  long baseAddress() {
    return baseAddress;
  }

  /** Returns the unsigned start address of an entry. */
  long start(int index) {
    return baseAddress + startOffset(index);
  }

  /** Returns where the information on an entry begins, from the start of the file. */
  long infoOffset(int index) {
    return infoOffsets.unsignedAt((long) index * Integer.BYTES, Integer.BYTES);
  }

  /** Returns the last entry that starts at or before an address; -1 when all start behind it. */
  int lastAtOrBefore(long address) {
    if (Long.compareUnsigned(address, baseAddress) < 0) {
      return -1;
    }
    long wanted = address - baseAddress;
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(startOffset(middle), wanted) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private long startOffset(int index) {
    return starts.unsignedAt((long) index * elementSize, elementSize);
  }
}
