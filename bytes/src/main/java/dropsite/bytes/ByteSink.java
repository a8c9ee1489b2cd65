package dropsite.bytes;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes being encoded, little-endian, in an array that grows. */
public final class ByteSink {
  private byte[] bytes = new byte[64];
  private int size;

  /** Returns the number of bytes so far. */
  public int size() {
    return size;
  }

  /** Adds a byte. */
  public void u8(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, size * 2);
    }
    bytes[size++] = (byte) value;
  }

  /** Adds a 16-bit value. */
  public void u16(int value) {
    u8(value);
    u8(value >>> 8);
  }

  /** Adds a 32-bit value. */
  public void u32(int value) {
    u16(value);
    u16(value >>> 16);
  }

  /** Adds a 64-bit value. */
  public void u64(long value) {
    u32((int) value);
    u32((int) (value >>> Integer.SIZE));
  }

  /** Adds an unsigned LEB128 (DWARF 5 §7.6). */
  public void uleb(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    u8((int) rest);
  }

  /** Adds a signed LEB128 (DWARF 5 §7.6). */
  public void sleb(long value) {
    long rest = value;
    while (rest < -64 || rest > 63) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    u8((int) rest & 0x7f);
  }

  /** Adds bytes as they are. */
  public void raw(byte[] added) {
    raw(added, 0, added.length);
  }

  /** Adds a part of what another one holds. */
  public void raw(ByteSink other, int from, int to) {
    raw(other.bytes, from, to);
  }

  /** Adds a part of an array. */
  public void raw(byte[] added, int from, int to) {
    int length = to - from;
    if (length > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, length), size * 2));
    }
    System.arraycopy(added, from, bytes, size, length);
    size += length;
  }

  /** Keeps no more memory than is needed; something can still be added. */
  public void trim() {
    bytes = Arrays.copyOf(bytes, Math.max(size, 1));
  }

  /** Overwrites a 16-bit value added before. */
  public void set16(int position, int value) {
    bytes[position] = (byte) value;
    bytes[position + 1] = (byte) (value >>> 8);
  }

  /** Overwrites a 32-bit value added before. */
  public void set32(int position, int value) {
    set32(bytes, position, value);
  }

  /** Overwrites a 32-bit value in an array. */
  public static void set32(byte[] array, int position, int value) {
    array[position] = (byte) value;
    array[position + 1] = (byte) (value >>> 8);
    array[position + 2] = (byte) (value >>> 16);
    array[position + 3] = (byte) (value >>> 24);
  }

  /** Forgets all bytes, and keeps the array for others. */
  public void clear() {
    size = 0;
  }

  /** Returns a view of the bytes, valid until something is added. */
  public ByteBuffer view() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  /** Returns a copy of the bytes. */
  public byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Returns the bytes with zeros behind, up to a multiple of the alignment. */
  public byte[] padded(int alignment) {
    return Arrays.copyOf(bytes, Math.ceilDiv(size, alignment) * alignment);
  }
}
