package dropsite.capture.file;

import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The blocks of a pcapng file one after another, in whatever byte order each section has. */
final class BlockInput implements Closeable {
  private static final int HEAD_BYTES = 8;
  private static final int FIRST_BUFFER_BYTES = 1 << 12;

  private final String file;
  private final Unpacked input;
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private boolean begun;
  private boolean bigEndian;
  private long offset;
  private int length;
  private int type;
  private @Nullable String cut;
  private @Nullable Bytes block;
  private @Nullable Bytes littleEndian;

  /**
   * @param file as the user named it, for messages
   * @param input may be compressed
   */
  BlockInput(String file, InputStream input) throws IOException {
    this.file = file;
    this.input = Unpacked.of(file, input);
  }

  /** Moves to the next whole block, if there is one. */
  boolean next() throws IOException {
    if (cut != null) {
      return false;
    }
    offset += length;
    length = 0;
    block = null;
    littleEndian = null;
    int have = read(0, HEAD_BYTES);
    if (have < HEAD_BYTES) {
      if (!begun) {
        throw noPcapng();
      }
      if (have > 0) {
        cut = "ends in the middle of a block";
      }
      return false;
    }
    type = number(0);
    if (type == Format.SECTION_HEADER) {
      if (read(HEAD_BYTES, Integer.BYTES) < Integer.BYTES) {
        cut = "ends in the middle of a block";
        return false;
      }
      have += Integer.BYTES;
      readByteOrder();
    } else if (!begun) {
      throw noPcapng();
    }
    length = number(Integer.BYTES);
    if (type == 0 && length == 0) {
      cut = "ends in zeros, as after a crash of the box";
      return false;
    }
    if (length < shortest() || length % Integer.BYTES != 0 || length > Format.LONGEST_BLOCK_BYTES) {
      throw malformed("a block of " + (length & 0xffffffffL) + " bytes");
    }
    if (read(have, length - have) < length - have) {
      cut = "ends in the middle of a block";
      return false;
    }
    if (number(length - Integer.BYTES) != length) {
      throw malformed("the lengths at the beginning and end of a block differ");
    }
    return true;
  }

  private int shortest() {
    return type == Format.SECTION_HEADER
        ? Format.SHORTEST_SECTION_HEADER_BYTES
        : Format.BLOCK_FRAME_BYTES;
  }

  private void readByteOrder() {
    begun = true;
    bigEndian = false;
    int magic = number(HEAD_BYTES);
    if (magic == Integer.reverseBytes(Format.BYTE_ORDER_MAGIC)) {
      bigEndian = true;
    } else if (magic != Format.BYTE_ORDER_MAGIC) {
      throw malformed("a section without a byte order");
    }
  }

  /** Reads as much as there is; the buffer grows with what comes, not with what is claimed. */
  private int read(int at, int count) throws IOException {
    int done = 0;
    while (done < count) {
      if (at + done == buffer.length) {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
      int got = input.read(buffer, at + done, Math.min(count - done, buffer.length - at - done));
      if (got < 0) {
        break;
      }
      done += got;
    }
    return done;
  }

  private int number(int at) {
    int value =
        (buffer[at] & 0xff)
            | (buffer[at + 1] & 0xff) << 8
            | (buffer[at + 2] & 0xff) << 16
            | (buffer[at + 3] & 0xff) << 24;
    return bigEndian ? Integer.reverseBytes(value) : value;
  }

  int type() {
    return type;
  }

  /** Returns the offset in the file, uncompressed. */
  long offset() {
    return offset;
  }

  /** Returns the whole block in the byte order of its section, until the next one is read. */
  Bytes block() {
    Bytes known = block;
    if (known == null) {
      known = bigEndian ? bytes(true) : littleEndian();
      block = known;
    }
    return known;
  }

  /** Returns the whole block in the byte order of our own data, until the next one is read. */
  Bytes littleEndian() {
    Bytes known = littleEndian;
    if (known == null) {
      known = bytes(false);
      littleEndian = known;
    }
    return known;
  }

  private Bytes bytes(boolean inBigEndian) {
    long at = offset;
    return new Bytes(
        file, () -> "block at 0x" + HexFormat.of().toHexDigits(at), buffer, length, inBigEndian);
  }

  /** Returns how the file is cut, a part of a sentence; null as long as it is not known to be. */
  @Nullable String cut() {
    return cut;
  }

  private MalformedInputException noPcapng() {
    return new MalformedInputException(file, "is no pcapng file");
  }

  private MalformedInputException malformed(String problem) {
    return new MalformedInputException(file, "block", offset, problem);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
