package dropsite.facts;

import dropsite.bytes.Bytes;
import java.util.zip.CRC32C;

/**
 * CRC32C (Castagnoli, RFC 3720 appendix B.4), which processors compute several bytes a cycle: it
 * tells damage, not forgery.
 */
final class Checksum {
  private static final long CHUNK_BYTES = 1 << 30;

  private Checksum() {}

  /**
   * Returns the checksum of bytes from an offset to their end.
   *
   * @param offset at most the size
   */
  static int of(Bytes bytes, long offset) {
    CRC32C sum = new CRC32C();
    for (long at = offset; at < bytes.sizeBytes(); at += CHUNK_BYTES) {
      long length = Math.min(CHUNK_BYTES, bytes.sizeBytes() - at);
      sum.update(bytes.memory().asSlice(at, length).asByteBuffer());
    }
    return (int) sum.getValue();
  }
}
