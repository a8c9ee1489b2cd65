package dropsite.facts;

import dropsite.bytes.Bytes;
import java.util.HexFormat;

/**
 * What a sidecar belongs to.
 *
 * @param buildId of the image, lower-case hex; empty when it has none
 * @param symbolFileBytes size of the symbol file made together with it
 * @param symbolFileChecksum CRC32C of that file
 * @param sourceBytes size of the file that both were made from; 0 where that does not matter
 * @param sourceTimeNanos when that file was last changed, since 1970; 0 where that does not matter
 */
public record Origin(
    String buildId,
    long symbolFileBytes,
    int symbolFileChecksum,
    long sourceBytes,
    long sourceTimeNanos) {
  /** The longest build-id that has room, in bytes. */
  public static final int MAX_BUILD_ID_BYTES = 32;

  /** Checks the build-id. */
  public Origin {
    if (HexFormat.of().parseHex(buildId).length > MAX_BUILD_ID_BYTES) {
      throw new IllegalArgumentException("build-id of more than 32 bytes");
    }
  }

  /**
   * Returns whether a symbol file is the one made together with the sidecar. Its checksum covers
   * the build-id that it has.
   *
   * @param symbolFile all of it, unpacked
   */
  public boolean madeWith(Bytes symbolFile) {
    return symbolFile.sizeBytes() == symbolFileBytes
        && Checksum.of(symbolFile, 0) == symbolFileChecksum;
  }
}
