package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.util.HexFormat;

/**
 * The first 48 bytes of a GSYM file, version 1 ({@code llvm/DebugInfo/GSYM/Header.h}).
 *
 * @param addressOffsetSize bytes of one element of the address table: 1, 2, 4 or 8
 * @param baseAddress what the elements of the address table are added to, unsigned
 * @param addressCount elements of the address table
 * @param stringsOffset where the string table begins, from the start of the file
 * @param stringsSizeBytes size of the string table
 * @param uuid build-id of the image as lower-case hex; empty when the file has none
 */
record GsymHeader(
    int addressOffsetSize,
    long baseAddress,
    long addressCount,
    long stringsOffset,
    long stringsSizeBytes,
    String uuid) {
  /** The header has a fixed size: the UUID's 20 bytes are there even when fewer are used. */
  static final int SIZE_BYTES = 48;

  static final int MAGIC = 0x4753594d;
  static final int SUPPORTED_VERSION = 1;
  static final int MAX_UUID_SIZE = 20;

  /**
   * Returns the file's bytes in the byte order that its magic number shows.
   *
   * @param file the whole file, in any byte order
   */
  static Bytes inItsByteOrder(Bytes file) {
    Bytes littleEndian = new Bytes(file.file(), "header", file.memory(), false);
    if (file.sizeBytes() < Integer.BYTES) {
      throw littleEndian.malformed(0, "too short to be a GSYM file");
    }
    int magic = littleEndian.cursor(0).s32();
    if (magic != MAGIC && Integer.reverseBytes(magic) != MAGIC) {
      throw littleEndian.malformed(
          0, "not a GSYM file: magic number 0x" + Integer.toHexString(magic));
    }
    return new Bytes(file.file(), "header", file.memory(), magic != MAGIC);
  }

  /**
   * Reads the header.
   *
   * @param file the whole file, in its own byte order
   */
  static GsymHeader read(Bytes file) {
    ByteCursor cursor = file.cursor(0);
    cursor.skip(Integer.BYTES);
    int version = cursor.u16();
    if (version != SUPPORTED_VERSION) {
      throw new MalformedInputException(
          file.file(),
          "GSYM version " + version + " is not supported (" + SUPPORTED_VERSION + " is)");
    }
    int addressOffsetSize = cursor.u8();
    if (addressOffsetSize > Long.BYTES || Integer.bitCount(addressOffsetSize) != 1) {
      throw file.malformed(6, "address offsets of " + addressOffsetSize + " bytes");
    }
    int uuidSize = cursor.u8();
    if (uuidSize > MAX_UUID_SIZE) {
      throw file.malformed(7, "UUID of " + uuidSize + " bytes, at most 20 fit");
    }
    long baseAddress = cursor.u64();
    long addressCount = cursor.u32();
    long stringsOffset = cursor.u32();
    long stringsSize = cursor.u32();
    long uuidOffset = cursor.position();
    cursor.skip(MAX_UUID_SIZE);
    String uuid = HexFormat.of().formatHex(file.copy(uuidOffset, uuidSize));
    return new GsymHeader(
        addressOffsetSize, baseAddress, addressCount, stringsOffset, stringsSize, uuid);
  }
}
