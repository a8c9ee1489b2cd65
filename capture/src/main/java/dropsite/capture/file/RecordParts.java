package dropsite.capture.file;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.ByteSink;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.lang.foreign.MemorySegment;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Puts compressed records together from the blocks that they were split into. */
final class RecordParts {
  /** Bytes that do not compress grow a little. */
  private static final int MOST_COMPRESSED_BYTES = Format.MOST_RECORDS_BYTES + (1 << 20);

  /** Of all records of a file, so that a small file cannot keep a reader busy for hours. */
  private static final long MOST_BYTES_OF_FILE = 1L << 30;

  private static final int CHUNK_BYTES = 1 << 14;

  private final Presence presence;
  private final FieldBudget budget = new FieldBudget();
  private final ByteSink compressed = new ByteSink();
  private @Nullable Part last;
  private long bytesOfFile;

  /**
   * A part.
   *
   * @param sizeBytes of all records, not compressed
   */
  record Part(Bytes block, long recording, long sizeBytes, long start, int length, int following) {

    /**
     * Reads what stands behind an envelope.
     *
     * @param block little-endian
     * @param end one past the last byte that may belong to it
     */
    static Part of(Bytes block, Envelope envelope, long end) {
      ByteCursor in = new ByteCursor(block, envelope.contentStart(), end);
      long recording = in.u64();
      long size = in.u32();
      long length = in.u32();
      if (size > Format.MOST_RECORDS_BYTES || length > in.remaining()) {
        throw in.malformed("records of " + size + " bytes in " + length + " do not fit");
      }
      return new Part(block, recording, size, in.position(), (int) length, envelope.following());
    }
  }

  RecordParts(Presence presence) {
    this.presence = presence;
  }

  /** Returns the records of a part that is all there is. */
  @Nullable RecordParser single(String file, Part part) {
    return part.sizeBytes == 0
        ? null
        : inflated(file, part, part.block.copy(part.start, part.length), part.length);
  }

  /** Takes a part; returns the records when it is the last one. */
  @Nullable RecordParser add(String file, Part part) {
    Part before = last;
    if (before != null
        && (part.recording != before.recording
            || part.sizeBytes != before.sizeBytes
            || part.following != before.following - 1)) {
      end();
    }
    if (part.length > MOST_COMPRESSED_BYTES - compressed.size()) {
      throw part.block.malformed(part.start, "compressed records of too many bytes");
    }
    compressed.raw(part.block.copy(part.start, part.length));
    if (part.following > 0) {
      // Only its numbers are needed later, and its block is gone then.
      last = part;
      return null;
    }
    last = null;
    byte[] all = compressed.toArray();
    compressed.clear();
    return inflated(file, part, all, all.length);
  }

  /** Gives up what still waits for more parts: there will be none. */
  void end() {
    if (last != null) {
      presence.metGap();
      last = null;
      compressed.clear();
    }
  }

  private RecordParser inflated(String file, Part part, byte[] packed, int length) {
    ByteSink records = new ByteSink();
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed, 0, length);
      byte[] chunk = new byte[CHUNK_BYTES];
      while (!inflater.finished()) {
        int count = inflater.inflate(chunk);
        bytesOfFile += count;
        if (count == 0 || records.size() + count > part.sizeBytes) {
          throw damaged(part, "do not come to the " + part.sizeBytes + " bytes they should");
        }
        if (bytesOfFile > MOST_BYTES_OF_FILE) {
          throw damaged(part, "come to more than " + MOST_BYTES_OF_FILE + " bytes");
        }
        records.raw(chunk, 0, count);
      }
    } catch (DataFormatException e) {
      throw damaged(part, "are damaged: " + e.getMessage());
    } finally {
      inflater.end();
    }
    Bytes bytes =
        new Bytes(
            file,
            "records of " + part.block.section(),
            MemorySegment.ofBuffer(records.view()),
            false);
    return new RecordParser(part.recording, bytes, budget);
  }

  private static MalformedInputException damaged(Part part, String problem) {
    return part.block.malformed(part.start, "compressed records " + problem);
  }
}
