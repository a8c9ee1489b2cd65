package dropsite.gsym;

import java.util.Arrays;

/** Bytes being encoded, little-endian. */
final class Output {
  private byte[] bytes = new byte[256];
  private int size;

  int size() {
    return size;
  }

  void u8(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, size * 2);
    }
    bytes[size++] = (byte) value;
  }

  void bytes(byte[] more) {
    bytes(more, 0, more.length);
  }

  /** Adds a part of what another one holds. */
  void bytes(Output other, int from, int to) {
    bytes(other.bytes, from, to);
  }

  private void bytes(byte[] more, int from, int to) {
    int length = to - from;
    if (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + length, 2 * size));
    }
    System.arraycopy(more, from, bytes, size, length);
    size += length;
  }

  /** Keeps no more memory than is needed; something can still be added. */
  void trim() {
    bytes = Arrays.copyOf(bytes, Math.max(size, 1));
  }

  void u16(int value) {
    u8(value);
    u8(value >>> 8);
  }

  void u64(long value) {
    u32((int) value);
    u32((int) (value >>> Integer.SIZE));
  }

  void u32(int value) {
    u8(value);
    u8(value >>> 8);
    u8(value >>> 16);
    u8(value >>> 24);
  }

  /** Overwrites what {@link #u32} wrote at a position. */
  void set32(int position, int value) {
    bytes[position] = (byte) value;
    bytes[position + 1] = (byte) (value >>> 8);
    bytes[position + 2] = (byte) (value >>> 16);
    bytes[position + 3] = (byte) (value >>> 24);
  }

  void uleb(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    u8((int) rest);
  }

  void sleb(long value) {
    long rest = value;
    while (rest < -64 || rest > 63) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    u8((int) rest & 0x7f);
  }

  /** Returns the bytes with zeros behind up to a multiple of the alignment. */
  byte[] padded(int alignment) {
    return Arrays.copyOf(bytes, (size + alignment - 1) / alignment * alignment);
  }
}
