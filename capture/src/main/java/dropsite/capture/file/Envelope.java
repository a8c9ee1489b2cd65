package dropsite.capture.file;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import org.jspecify.annotations.Nullable;

/**
 * What each of our blocks and options begins with.
 *
 * @param minor version of the format within {@link Format#MAJOR}
 * @param following how many parts of the same records follow
 * @param contentStart where in the block the content begins
 */
record Envelope(int minor, int following, long contentStart) {

  /**
   * Reads one.
   *
   * @param file for messages
   * @param block whole
   * @param start where in it the envelope would begin
   * @param end one past the last byte that may belong to it
   * @return null if the bytes are someone else's
   * @throws MalformedInputException when they are of a version that changed what we know
   */
  static @Nullable Envelope of(String file, Bytes block, long start, long end) {
    if (end - start < Format.ENVELOPE_BYTES) {
      return null;
    }
    ByteCursor in = new ByteCursor(block, start, end);
    if (in.s32() != Format.ENTERPRISE) {
      return null;
    }
    for (byte expected : Format.MAGIC) {
      if (in.s8() != expected) {
        return null;
      }
    }
    int major = in.u8();
    if (major != Format.MAJOR) {
      throw new MalformedInputException(
          file,
          "is written in version "
              + major
              + " of the capture format; this dropsite reads version "
              + Format.MAJOR);
    }
    return new Envelope(in.u8(), in.u8(), in.position());
  }
}
