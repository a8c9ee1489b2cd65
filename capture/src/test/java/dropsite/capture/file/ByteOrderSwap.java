package dropsite.capture.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Rewrites a little-endian file as another machine would: what pcapng defines big-endian, what is
 * ours as it is.
 */
final class ByteOrderSwap {
  private ByteOrderSwap() {}

  static byte[] of(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer out = ByteBuffer.wrap(file.clone()).order(ByteOrder.BIG_ENDIAN);
    for (int at = 0; at < file.length; ) {
      int type = in.getInt(at);
      int length = in.getInt(at + 4);
      words(in, out, at, 2);
      words(in, out, at + length - 4, 1);
      switch (type) {
        case Format.SECTION_HEADER -> {
          words(in, out, at + 8, 1);
          halves(in, out, at + 12, 2);
          out.putLong(at + 16, in.getLong(at + 16));
          options(in, out, at + 24, at + length - 4);
        }
        case Format.INTERFACE_DESCRIPTION -> {
          halves(in, out, at + 8, 2);
          words(in, out, at + 12, 1);
          options(in, out, at + 16, at + length - 4);
        }
        case Format.ENHANCED_PACKET -> {
          words(in, out, at + 8, 5);
          options(in, out, at + 28 + (in.getInt(at + 20) + 3) / 4 * 4, at + length - 4);
        }
        default -> words(in, out, at + 8, 1);
      }
      at += length;
    }
    return out.array();
  }

  private static void options(ByteBuffer in, ByteBuffer out, int start, int end) {
    for (int at = start; at < end; ) {
      halves(in, out, at, 2);
      if (in.getShort(at) == Format.OPTION_CUSTOM) {
        words(in, out, at + 4, 1);
      }
      at += 4 + ((in.getShort(at + 2) & 0xffff) + 3) / 4 * 4;
    }
  }

  private static void words(ByteBuffer in, ByteBuffer out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out.putInt(at + i * 4, in.getInt(at + i * 4));
    }
  }

  private static void halves(ByteBuffer in, ByteBuffer out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out.putShort(at + i * 2, in.getShort(at + i * 2));
    }
  }
}
