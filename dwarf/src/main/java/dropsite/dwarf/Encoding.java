package dropsite.dwarf;

/**
 * What decides the size of forms within one unit.
 *
 * @param version of the unit, 2 to 5
 * @param dwarf64 whether offsets have 8 bytes (DWARF 5 §7.4)
 * @param addressSizeBytes 1, 2, 4 or 8
 */
record Encoding(int version, boolean dwarf64, int addressSizeBytes) {
  int offsetSizeBytes() {
    return dwarf64 ? 8 : 4;
  }

  /** DWARF 2 gave references between units the size of an address (DWARF 3 §7.5.4, note). */
  int refAddrSizeBytes() {
    return version <= 2 ? addressSizeBytes : offsetSizeBytes();
  }

  /** Returns an address without the bits that its size does not have. */
  long truncated(long address) {
    return addressSizeBytes == 8 ? address : address & ((1L << (addressSizeBytes * 8)) - 1);
  }

  /**
   * Returns whether an address marks code that the linker threw away: -1 or -2 (DWARF 6 proposal
   * 200609.1, as lld writes them).
   */
  boolean tombstone(long address) {
    return address == truncated(-1) || address == truncated(-2);
  }
}
