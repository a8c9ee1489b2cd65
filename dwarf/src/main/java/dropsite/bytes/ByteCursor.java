package dropsite.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A position in {@link Bytes} that reads values and moves on; every read is bounds-checked.
 *
 * <p>All reads throw {@link MalformedInputException} at the end of the bytes, with the offset where
 * the value began.
 */
public final class ByteCursor {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Longer than any name; what is longer is not a string but damage. */
  private static final long MAX_STRING_BYTES = 1 << 24;

  private final Bytes bytes;
  private final MemorySegment memory;
  private final boolean bigEndian;
  private final long limit;
  private long position;

  /**
   * @param position first byte to read
   * @param limit one past the last byte that may be read
   */
  public ByteCursor(Bytes bytes, long position, long limit) {
    this.bytes = bytes;
    this.memory = bytes.memory();
    this.bigEndian = bytes.bigEndian();
    if (limit < 0 || limit > memory.byteSize()) {
      throw bytes.malformed(
          limit, "end lies outside the " + memory.byteSize() + " bytes there are");
    }
    this.limit = limit;
    seek(position);
  }

  /** Returns the offset of the next byte, from the start of the bytes. */
  public long position() {
    return position;
  }

  /** Returns the offset at which reading must stop. */
  public long limit() {
    return limit;
  }

  /** Returns the number of bytes left. */
  public long remaining() {
    return limit - position;
  }

  /** Returns whether anything is left. */
  public boolean hasRemaining() {
    return position < limit;
  }

  /** Returns what this cursor reads. */
  public Bytes bytes() {
    return bytes;
  }

  /** Moves to an offset from the start of the bytes; the limit itself is allowed. */
  public void seek(long offset) {
    if (offset < 0 || offset > limit) {
      throw bytes.malformed(offset, "offset lies outside the " + limit + " bytes there are");
    }
    position = offset;
  }

  /** Moves forward. */
  public void skip(long count) {
    position = take(count);
    position += count;
  }

  /** Reads an unsigned byte. */
  public int u8() {
    long at = position;
    if (at >= limit) {
      throw truncated(at, 1);
    }
    position = at + 1;
    return memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  /** Reads a signed byte. */
  public int s8() {
    return (byte) u8();
  }

  /** Reads an unsigned 16-bit value. */
  public int u16() {
    long at = take(2);
    position = at + 2;
    short value = memory.get(U16, at);
    return (bigEndian ? Short.reverseBytes(value) : value) & 0xffff;
  }

  /** Reads an unsigned 24-bit value. */
  public int u24() {
    int first = u8();
    int second = u8();
    int third = u8();
    return bigEndian
        ? (first << 16) | (second << 8) | third
        : (third << 16) | (second << 8) | first;
  }

  /** Reads a 32-bit value as a signed int. */
  public int s32() {
    long at = take(4);
    position = at + 4;
    int value = memory.get(U32, at);
    return bigEndian ? Integer.reverseBytes(value) : value;
  }

  /** Reads an unsigned 32-bit value. */
  public long u32() {
    return s32() & 0xffffffffL;
  }

  /** Reads a 64-bit value; addresses are unsigned. */
  public long u64() {
    long at = take(8);
    position = at + 8;
    long value = memory.get(U64, at);
    return bigEndian ? Long.reverseBytes(value) : value;
  }

  /** Reads an unsigned value of 1, 2, 4 or 8 bytes. */
  public long unsigned(int sizeBytes) {
    return switch (sizeBytes) {
      case 1 -> u8();
      case 2 -> u16();
      case 4 -> u32();
      case 8 -> u64();
      default -> throw bytes.malformed(position, "a value of " + sizeBytes + " bytes");
    };
  }

  /** Reads an unsigned LEB128 (DWARF 5 §7.6); bits above the 64th are dropped. */
  public long uleb() {
    long start = position;
    long at = start;
    long value = 0;
    int shift = 0;
    while (at < limit) {
      byte next = memory.get(ValueLayout.JAVA_BYTE, at++);
      if (shift < Long.SIZE) {
        value |= (next & 0x7fL) << shift;
      }
      if (next >= 0) {
        position = at;
        return value;
      }
      shift += 7;
    }
    throw truncated(start, 1);
  }

  /** Reads a signed LEB128 (DWARF 5 §7.6); bits above the 64th are dropped. */
  public long sleb() {
    long start = position;
    long at = start;
    long value = 0;
    int shift = 0;
    while (at < limit) {
      byte next = memory.get(ValueLayout.JAVA_BYTE, at++);
      if (shift < Long.SIZE) {
        value |= (next & 0x7fL) << shift;
      }
      shift += 7;
      if (next >= 0) {
        position = at;
        boolean negative = (next & 0x40) != 0;
        return negative && shift < Long.SIZE ? value | (-1L << shift) : value;
      }
    }
    throw truncated(start, 1);
  }

  /** Moves over one LEB128 without decoding it. */
  public void skipLeb() {
    long at = position;
    while (at < limit) {
      if (memory.get(ValueLayout.JAVA_BYTE, at++) >= 0) {
        position = at;
        return;
      }
    }
    throw truncated(position, 1);
  }

  /** Reads a NUL-terminated string; bytes that are not UTF-8 become U+FFFD. */
  public String string() {
    long start = position;
    skipString();
    long length = position - 1 - start;
    if (length > MAX_STRING_BYTES) {
      throw bytes.malformed(start, "string of " + length + " bytes");
    }
    byte[] text = new byte[(int) length];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, start, text, 0, text.length);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Moves over a NUL-terminated string and its NUL. */
  public void skipString() {
    long at = position;
    while (at < limit) {
      if (memory.get(ValueLayout.JAVA_BYTE, at++) == 0) {
        position = at;
        return;
      }
    }
    throw bytes.malformed(position, "string without an end");
  }

  /** Returns a cursor over the next bytes, and moves behind them. */
  public ByteCursor sub(long sizeBytes) {
    long at = take(sizeBytes);
    position = at + sizeBytes;
    return new ByteCursor(bytes, at, position);
  }

  /** Returns the exception for something wrong at the current offset. */
  public MalformedInputException malformed(String problem) {
    return bytes.malformed(position, problem);
  }

  private long take(long count) {
    long at = position;
    if (count < 0 || count > limit - at) {
      throw truncated(at, count);
    }
    return at;
  }

  private MalformedInputException truncated(long at, long wanted) {
    return bytes.malformed(
        at,
        "needs " + Long.toUnsignedString(wanted) + " bytes, only " + (limit - at) + " are left");
  }
}
