package dropsite.bytes;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A named run of bytes (a file or one of its sections) in one byte order.
 *
 * <p>The memory of files is off-heap: mapped, or native for decompressed and relocated sections.
 */
public final class Bytes {
  private final String file;
  private final Supplier<String> section;
  private final MemorySegment memory;
  private final boolean bigEndian;

  /**
   * The same memory in the same byte order, for reading without a cursor; null where it is too
   * large for a buffer.
   */
  private final @Nullable ByteBuffer buffer;

  /** Holds the bytes from its start on; null where the memory is none of the heap. */
  private final byte @Nullable [] array;

  /**
   * @param file the file as the user named it, for messages
   * @param section the section's name, for messages
   * @param memory the bytes; positions are relative to its start
   * @param bigEndian whether multi-byte values are stored most significant byte first
   */
  public Bytes(String file, String section, MemorySegment memory, boolean bigEndian) {
    this(file, () -> section, memory, null, bigEndian);
  }

  /**
   * As above, for what is read once and by the million: cursors read the array itself.
   *
   * @param section asked only when there is a message
   * @param array holds the bytes; they change when it does
   * @param sizeBytes how many there are, from its start on
   */
  public Bytes(
      String file, Supplier<String> section, byte[] array, int sizeBytes, boolean bigEndian) {
    this(file, section, MemorySegment.ofArray(array).asSlice(0, sizeBytes), array, bigEndian);
  }

  private Bytes(
      String file,
      Supplier<String> section,
      MemorySegment memory,
      byte @Nullable [] array,
      boolean bigEndian) {
    this.file = file;
    this.section = section;
    this.memory = memory;
    this.array = array;
    this.bigEndian = bigEndian;
    ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    this.buffer =
        memory.byteSize() <= Integer.MAX_VALUE ? memory.asByteBuffer().order(order) : null;
  }

  /** Returns the file as the user named it. */
  public String file() {
    return file;
  }

  /** Returns the section's name. */
  public String section() {
    return section.get();
  }

  /** Returns the bytes themselves. */
  public MemorySegment memory() {
    return memory;
  }

  /** Returns what holds the bytes from its start on; null where they are none of the heap. */
  byte @Nullable [] array() {
    return array;
  }

  /** Returns whether multi-byte values are stored most significant byte first. */
  public boolean bigEndian() {
    return bigEndian;
  }

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

  /**
   * Reads one unsigned value of 1, 2, 4 or 8 bytes: what tables that are searched are read by,
   * where a cursor for each value would cost more than the value.
   *
   * @throws MalformedInputException when it does not lie inside
   */
  public long unsignedAt(long offset, int sizeBytes) {
    ByteBuffer whole = buffer;
    if (whole == null || offset < 0 || offset > sizeBytes() - sizeBytes) {
      return cursor(offset).unsigned(sizeBytes);
    }
    int at = (int) offset;
    return switch (sizeBytes) {
      case 1 -> whole.get(at) & 0xff;
      case 2 -> whole.getShort(at) & 0xffff;
      case 4 -> whole.getInt(at) & 0xffffffffL;
      case 8 -> whole.getLong(at);
      default -> throw malformed(offset, "a value of " + sizeBytes + " bytes");
    };
  }

  /**
   * Copies a part out.
   *
   * @throws MalformedInputException when the part does not lie inside
   */
  public byte[] copy(long offset, int sizeBytes) {
    if (sizeBytes < 0 || offset < 0 || offset > sizeBytes() - sizeBytes) {
      throw malformed(offset, sizeBytes + " bytes do not fit into " + sizeBytes());
    }
    byte[] copy = new byte[sizeBytes];
    copy(offset, copy, sizeBytes);
    return copy;
  }

  /**
   * Copies a part to the start of an array. By way of a buffer: MemorySegment.copy links method
   * handles at its first use, which takes longer than many a lookup.
   *
   * @throws IndexOutOfBoundsException when the part does not lie inside, or the array is shorter
   */
  public void copy(long offset, byte[] target, int sizeBytes) {
    ByteBuffer whole = buffer;
    if (whole != null) {
      whole.get((int) offset, target, 0, sizeBytes);
    } else {
      memory.asSlice(offset, sizeBytes).asByteBuffer().get(0, target, 0, sizeBytes);
    }
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
    return new MalformedInputException(file, section(), offset, problem);
  }
}
