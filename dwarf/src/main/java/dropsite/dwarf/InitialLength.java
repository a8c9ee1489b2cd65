package dropsite.dwarf;

import dropsite.bytes.ByteCursor;

/**
 * The length that most DWARF structures begin with (DWARF 5 §7.4).
 *
 * @param end one past the structure's last byte, from the start of the section
 * @param dwarf64 whether its offsets have 8 bytes
 */
record InitialLength(long end, boolean dwarf64) {
  private static final long DWARF64_MARK = 0xffffffffL;
  private static final long FIRST_RESERVED = 0xfffffff0L;

  static InitialLength read(ByteCursor cursor) {
    long start = cursor.position();
    long length = cursor.u32();
    boolean dwarf64 = length == DWARF64_MARK;
    if (dwarf64) {
      length = cursor.u64();
    } else if (length >= FIRST_RESERVED) {
      throw cursor.bytes().malformed(start, "reserved length 0x" + Long.toHexString(length));
    }
    if (length < 0 || length > cursor.remaining()) {
      throw cursor
          .bytes()
          .malformed(
              start,
              "length " + Long.toUnsignedString(length) + ", only " + cursor.remaining() + " left");
    }
    return new InitialLength(cursor.position() + length, dwarf64);
  }
}
