package dropsite.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A named run of bytes (a file or one of its sections) in one byte order.
 *
 * <p>The memory is always off-heap (mapped, or native for decompressed and relocated sections): a
 * read site that sees heap memory as well becomes twice as slow.
 *
 * @param file the file as the user named it, for messages
 * @param section the section's name, for messages
 * @param memory the bytes; positions are relative to its start
 * @param bigEndian whether multi-byte values are stored most significant byte first
 */
public record Bytes(String file, String section, MemorySegment memory, boolean bigEndian) {

  /** Returns the number of bytes. */
  public long sizeBytes() {
    return memory.byteSize();
  }

  /**
   * Returns a cursor at an offset.
   *
   * @param offset in bytes from the start; may equal the size
   * @throws MalformedInputException when the offset lies outside
   */
  public ByteCursor cursor(long offset) {
    return new ByteCursor(this, offset, sizeBytes());
  }

  /**
   * Returns a part of these bytes under its own name; offsets in it start at 0.
   *
   * @throws MalformedInputException when the part does not lie inside
   */
  public Bytes slice(String name, long offset, long sizeBytes) {
    if (offset < 0 || sizeBytes < 0 || offset > sizeBytes() - sizeBytes) {
      throw malformed(
          offset,
          name
              + " of "
              + Long.toUnsignedString(sizeBytes)
              + " bytes does not fit into "
              + sizeBytes());
    }
    return new Bytes(file, name, memory.asSlice(offset, sizeBytes), bigEndian);
  }

  /** Copies a part out. */
  public byte[] copy(long offset, int sizeBytes) {
    return slice(section, offset, sizeBytes).memory.toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * Returns the NUL-terminated string at an offset; bytes that are not UTF-8 become U+FFFD.
   *
   * @throws MalformedInputException when the offset lies outside or no NUL follows
   */
  public String stringAt(long offset) {
    return cursor(offset).string();
  }

  /**
   * As {@link #stringAt(long)}, for strings that have no business to be long.
   *
   * @param maxBytes the longest that is accepted, its NUL not counted
   */
  public String stringAt(long offset, int maxBytes) {
    long end = Math.min(sizeBytes(), offset + maxBytes + 1);
    return new ByteCursor(this, offset, Math.max(end, 0)).string();
  }

  /** Returns the exception for something wrong at an offset of these bytes. */
  public MalformedInputException malformed(long offset, String problem) {
    return new MalformedInputException(file, section, offset, problem);
  }
}
