package dropsite.facts;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.ByteSink;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The first 128 bytes of a sidecar: docs/symbolization.md has the format.
 *
 * @param addressBytes of one element of the address table: 4 or 8
 * @param baseAddress that its elements are added to, unsigned
 * @param regionCount elements of the address table
 * @param enumCount enum types
 * @param argumentCount elements of the table of arguments
 * @param enumBytes size of the lists of enumerators
 * @param callSiteBytes size of the lists of call sites
 * @param regionBytes size of what is known of each region
 * @param stringBytes size of the string table
 * @param inexpressibleCount regions that only the source itself can answer for
 */
record FactsHeader(
    Origin origin,
    int addressBytes,
    long baseAddress,
    long regionCount,
    long enumCount,
    long argumentCount,
    long enumBytes,
    long callSiteBytes,
    long regionBytes,
    long stringBytes,
    long inexpressibleCount) {
  static final int SIZE_BYTES = 128;
  static final int VERSION = 1;

  /** The checksum covers everything from here on. */
  static final int CHECKED_FROM = 12;

  private static final int CHECKSUM_AT = 8;

  /** "DSFACTS" and a zero byte, so that no text looks like it. */
  private static final long MAGIC = 0x00_53_54_43_41_46_53_44L;

  /**
   * Reads and checks the header, and the checksum of the file.
   *
   * @param file the whole file
   */
  static FactsHeader read(Bytes file) {
    if (file.sizeBytes() < SIZE_BYTES) {
      throw file.malformed(0, "too short to be a file of facts");
    }
    ByteCursor cursor = file.cursor(0);
    if (cursor.u64() != MAGIC) {
      throw file.malformed(0, "not a file of facts");
    }
    int checksum = cursor.s32();
    int version = cursor.u16();
    if (version != VERSION) {
      throw new MalformedInputException(
          file.file(), "facts of version " + version + " are not supported (" + VERSION + " is)");
    }
    int addressBytes = cursor.u8();
    if (addressBytes != Integer.BYTES && addressBytes != Long.BYTES) {
      throw file.malformed(14, "addresses of " + addressBytes + " bytes");
    }
    int buildIdBytes = cursor.u8();
    if (buildIdBytes > Origin.MAX_BUILD_ID_BYTES) {
      throw file.malformed(15, "build-id of " + buildIdBytes + " bytes, at most 32 fit");
    }
    long size = cursor.u64();
    if (size != file.sizeBytes()) {
      throw file.malformed(
          16,
          "written as " + Long.toUnsignedString(size) + " bytes, there are " + file.sizeBytes());
    }
    if (Checksum.of(file, CHECKED_FROM) != checksum) {
      throw file.malformed(CHECKSUM_AT, "the checksum is not that of the file: it is damaged");
    }
    long baseAddress = cursor.u64();
    long regionCount = cursor.u32();
    long enumCount = cursor.u32();
    long symbolFileBytes = cursor.u64();
    int symbolFileChecksum = cursor.s32();
    long inexpressibleCount = cursor.u32();
    long sourceBytes = cursor.u64();
    long sourceTimeNanos = cursor.u64();
    byte[] buildId = file.copy(cursor.position(), buildIdBytes);
    cursor.skip(Origin.MAX_BUILD_ID_BYTES);
    Origin origin =
        new Origin(
            HexFormat.of().formatHex(buildId),
            symbolFileBytes,
            symbolFileChecksum,
            sourceBytes,
            sourceTimeNanos);
    return new FactsHeader(
        origin,
        addressBytes,
        baseAddress,
        regionCount,
        enumCount,
        cursor.u32(),
        cursor.u32(),
        cursor.u32(),
        cursor.u32(),
        cursor.u32(),
        inexpressibleCount);
  }

  /**
   * Returns the header as bytes, its checksum still 0.
   *
   * @param fileBytes size of the whole file
   */
  byte[] encode(long fileBytes) {
    byte[] buildId = HexFormat.of().parseHex(origin.buildId());
    ByteSink header = new ByteSink();
    header.u64(MAGIC);
    header.u32(0);
    header.u16(VERSION);
    header.u8(addressBytes);
    header.u8(buildId.length);
    header.u64(fileBytes);
    header.u64(baseAddress);
    header.u32((int) regionCount);
    header.u32((int) enumCount);
    header.u64(origin.symbolFileBytes());
    header.u32(origin.symbolFileChecksum());
    header.u32((int) inexpressibleCount);
    header.u64(origin.sourceBytes());
    header.u64(origin.sourceTimeNanos());
    header.raw(Arrays.copyOf(buildId, Origin.MAX_BUILD_ID_BYTES));
    header.u32((int) argumentCount);
    header.u32((int) enumBytes);
    header.u32((int) callSiteBytes);
    header.u32((int) regionBytes);
    header.u32((int) stringBytes);
    return header.padded(SIZE_BYTES);
  }

  /** Puts the checksum into an encoded header. */
  static void setChecksum(byte[] header, int checksum) {
    ByteSink.set32(header, CHECKSUM_AT, checksum);
  }
}
