package dropsite.gsym;

import java.io.ByteArrayOutputStream;

/** Bytes under construction, in one byte order. */
final class GsymOutput {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final boolean bigEndian;

  GsymOutput(boolean bigEndian) {
    this.bigEndian = bigEndian;
  }

  int size() {
    return bytes.size();
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }

  void u8(int value) {
    bytes.write(value);
  }

  void u16(int value) {
    unsigned(value, 2);
  }

  void u32(long value) {
    unsigned(value, 4);
  }

  void u64(long value) {
    unsigned(value, 8);
  }

  void unsigned(long value, int size) {
    for (int i = 0; i < size; i++) {
      bytes.write((int) (value >>> (8 * (bigEndian ? size - 1 - i : i))));
    }
  }

  void uleb(long value) {
    long rest = value;
    while (Long.compareUnsigned(rest, 0x7f) > 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  void sleb(long value) {
    long rest = value;
    while (rest < -0x40 || rest > 0x3f) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>= 7;
    }
    bytes.write((int) (rest & 0x7f));
  }

  void bytes(byte[] more) {
    bytes.writeBytes(more);
  }

  void align() {
    while (bytes.size() % 4 != 0) {
      bytes.write(0);
    }
  }
}
