package dropsite.capture.file;

import dropsite.bytes.ByteSink;
import java.nio.charset.StandardCharsets;

/**
 * Writes fields: a byte that says which, the length in bytes (LEB128), the value. Numbers take as
 * few bytes as they need, least significant first.
 */
final class FieldSink {
  private final ByteSink out;

  FieldSink(ByteSink out) {
    this.out = out;
  }

  /** Adds a number; the highest of the bytes that are zero are left out. */
  void number(int code, long value) {
    int bytes = (Long.SIZE - Long.numberOfLeadingZeros(value) + 7) / 8;
    out.u8(code);
    out.u8(bytes);
    for (long rest = value; rest != 0; rest >>>= 8) {
      out.u8((int) rest);
    }
  }

  /** Adds a number of 32 bits, negative ones as they are stored. */
  void number32(int code, int value) {
    number(code, value & 0xffffffffL);
  }

  /** Adds a number unless a reader assumes it anyway. */
  void numberUnless(long usual, int code, long value) {
    if (value != usual) {
      number(code, value);
    }
  }

  /** Adds a number of 32 bits unless a reader assumes it anyway. */
  void number32Unless(int usual, int code, int value) {
    if (value != usual) {
      number32(code, value);
    }
  }

  /** Adds a field without a value when something is the case. */
  void flag(int code, boolean given) {
    if (given) {
      bytes(code, 0);
    }
  }

  /** Adds text in UTF-8 unless it is empty. */
  void text(int code, String text) {
    bytes(code, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds bytes that stand in a string, one in each char, unless it is empty. */
  void raw(int code, String text) {
    bytes(code, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Adds bytes unless there are none. */
  void bytes(int code, byte[] value) {
    if (value.length != 0) {
      bytes(code, value.length);
      out.raw(value);
    }
  }

  /** Adds what stands in another sink, even nothing. */
  void nested(int code, ByteSink value) {
    bytes(code, value.size());
    out.raw(value, 0, value.size());
  }

  private void bytes(int code, int length) {
    out.u8(code);
    out.uleb(length);
  }
}
