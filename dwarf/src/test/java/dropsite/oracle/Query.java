package dropsite.oracle;

/**
 * An address to look up.
 *
 * @param section that the offset counts from; empty in a linked file, whose offsets are addresses
 * @param offset in bytes, unsigned
 */
record Query(String section, long offset) {
  String hex() {
    return "0x" + Long.toHexString(offset);
  }

  @Override
  public String toString() {
    return section.isEmpty() ? hex() : section + "+" + hex();
  }
}
