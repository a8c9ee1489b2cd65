package dropsite.btf;

import dropsite.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds BTF files type by type, in either byte order, also such as no compiler would. */
final class BtfImage {
  static final int INT = 1;
  static final int PTR = 2;
  static final int ARRAY = 3;
  static final int STRUCT = 4;
  static final int ENUM = 6;
  static final int TYPEDEF = 8;
  static final int FUNC_PROTO = 13;

  private final ByteOrder order;
  private final ByteArrayOutputStream types = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();

  /** Where this file's strings begin, behind those of the file below. */
  private final int firstString;

  private int headerBytes = 24;

  BtfImage(ByteOrder order, int firstString) {
    this.order = order;
    this.firstString = firstString;
    if (firstString == 0) {
      strings.write(0);
    }
  }

  /** A file of its own, in the byte order that most kernels have. */
  BtfImage() {
    this(ByteOrder.LITTLE_ENDIAN, 0);
  }

  BtfImage headerBytes(int count) {
    headerBytes = count;
    return this;
  }

  int stringBytes() {
    return strings.size();
  }

  /** Adds a string, and returns where it stands. */
  int string(String text) {
    int at = firstString + strings.size();
    strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    strings.write(0);
    return at;
  }

  /**
   * Adds a type.
   *
   * @param words that follow its first three
   */
  BtfImage type(String name, int kind, int members, int sizeOrType, int... words) {
    return word(name.isEmpty() ? 0 : string(name))
        .word((kind << 24) | members)
        .word(sizeOrType)
        .words(words);
  }

  private BtfImage words(int... words) {
    for (int each : words) {
      word(each);
    }
    return this;
  }

  BtfImage word(int value) {
    types.writeBytes(ByteBuffer.allocate(Integer.BYTES).order(order).putInt(value).array());
    return this;
  }

  byte[] bytes() {
    ByteBuffer file = ByteBuffer.allocate(headerBytes + types.size() + strings.size()).order(order);
    file.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(headerBytes);
    file.putInt(0).putInt(types.size()).putInt(types.size()).putInt(strings.size());
    file.position(headerBytes);
    return file.put(types.toByteArray()).put(strings.toByteArray()).array();
  }

  Btf read() {
    return Btf.read(file(bytes()));
  }

  static Bytes file(byte[] bytes) {
    return new Bytes("made.btf", "BTF", MemorySegment.ofArray(bytes), false);
  }
}
