package dropsite.capture.file;

import dropsite.bytes.ByteSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;

/**
 * Blocks being encoded, little-endian (pcapng, draft-ietf-opsawg-pcapng, §3 and §4). Between {@link
 * #begin} and {@link #end} anything may be added to {@link #bytes}.
 */
final class BlockSink {
  private static final int ALIGNMENT = 4;

  private final ByteSink bytes = new ByteSink();
  private int blockStart;
  private int optionStart;

  ByteSink bytes() {
    return bytes;
  }

  int size() {
    return bytes.size();
  }

  void clear() {
    bytes.clear();
  }

  ByteBuffer view() {
    return bytes.view();
  }

  void begin(int type) {
    blockStart = bytes.size();
    bytes.u32(type);
    bytes.u32(0);
  }

  void end() {
    pad();
    int length = bytes.size() - blockStart + Integer.BYTES;
    bytes.u32(length);
    bytes.set32(blockStart + Integer.BYTES, length);
  }

  void beginOption(int code) {
    bytes.u16(code);
    bytes.u16(0);
    optionStart = bytes.size();
  }

  void endOption() {
    bytes.set16(optionStart - 2, bytes.size() - optionStart);
    pad();
  }

  void textOption(int code, String text) {
    if (!text.isEmpty()) {
      beginOption(code);
      bytes.raw(text.getBytes(StandardCharsets.UTF_8));
      endOption();
    }
  }

  void endOfOptions() {
    bytes.u16(Format.OPTION_END);
    bytes.u16(0);
  }

  /**
   * Adds what all of our blocks and options begin with.
   *
   * @param following how many parts of the same records follow
   */
  void envelope(int following) {
    bytes.u32(Format.ENTERPRISE);
    bytes.raw(Format.MAGIC);
    bytes.u8(Format.MAJOR);
    bytes.u8(Format.MINOR);
    bytes.u8(following);
  }

  /** Adds custom blocks that hold records, as many as it takes. */
  void records(long recording, ByteSink records) {
    byte[] compressed = compress(records);
    int parts = Math.max(Math.ceilDiv(compressed.length, Format.LONGEST_PART_BYTES), 1);
    for (int part = 0; part < parts; part++) {
      int from = part * Format.LONGEST_PART_BYTES;
      int to = Math.min(from + Format.LONGEST_PART_BYTES, compressed.length);
      begin(Format.CUSTOM_BLOCK);
      envelope(parts - 1 - part);
      recordsHeader(recording, records.size(), to - from);
      bytes.raw(compressed, from, to);
      end();
    }
  }

  /** Adds what stands between an envelope and compressed records. */
  void recordsHeader(long recording, int sizeBytes, int compressedBytes) {
    bytes.u64(recording);
    bytes.u32(sizeBytes);
    bytes.u32(compressedBytes);
  }

  /** Compresses records (RFC 1950). */
  static byte[] compress(ByteSink records) {
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(records.view());
      deflater.finish();
      ByteSink compressed = new ByteSink();
      byte[] buffer = new byte[1 << 14];
      while (!deflater.finished()) {
        compressed.raw(buffer, 0, deflater.deflate(buffer));
      }
      return compressed.toArray();
    }
  }

  void pad() {
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.u8(0);
    }
  }
}
