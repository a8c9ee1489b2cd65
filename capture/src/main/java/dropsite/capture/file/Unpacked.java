package dropsite.capture.file;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dropsite.bytes.MalformedInputException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Bytes as they were before the whole file was compressed, if it was. */
final class Unpacked implements Closeable {
  static final byte[] GZIP = {0x1f, (byte) 0x8b};
  static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  private static final int BUFFER_BYTES = 1 << 16;

  /** 64 MiB: more than any of our own, and less than a hostile file can ask for. */
  private static final int LARGEST_WINDOW_LOG = 26;

  private static final int PEEK_BYTES = 4;

  private final String file;
  private final InputStream input;
  private boolean cut;

  private Unpacked(String file, InputStream input) {
    this.file = file;
    this.input = input;
  }

  static Unpacked of(String file, InputStream packed) throws IOException {
    InputStream buffered = new BufferedInputStream(packed, BUFFER_BYTES);
    buffered.mark(PEEK_BYTES);
    byte[] first = buffered.readNBytes(PEEK_BYTES);
    buffered.reset();
    if (first.length < PEEK_BYTES) {
      return new Unpacked(file, buffered);
    }
    if (begins(first, GZIP)) {
      try {
        return new Unpacked(file, new GZIPInputStream(buffered, BUFFER_BYTES));
      } catch (EOFException | ZipException e) {
        throw damaged(file, e);
      }
    }
    if (begins(first, ZSTD)) {
      Compression.ZSTD.prepare();
      // What has been flushed can be read, whether or not the frame has an end.
      return new Unpacked(
          file,
          new ZstdInputStreamNoFinalizer(buffered)
              .setContinuous(true)
              .setLongMax(LARGEST_WINDOW_LOG));
    }
    return new Unpacked(file, buffered);
  }

  private static boolean begins(byte[] first, byte[] magic) {
    return Arrays.equals(first, 0, magic.length, magic, 0, magic.length);
  }

  /** Reads some bytes; -1 at the end, and where compressed data is cut. */
  int read(byte[] target, int offset, int length) throws IOException {
    if (cut) {
      return -1;
    }
    try {
      return input.read(target, offset, length);
    } catch (EOFException e) {
      cut = true;
      return -1;
    } catch (ZipException | ZstdIOException e) {
      throw damaged(file, e);
    }
  }

  private static MalformedInputException damaged(String file, IOException e) {
    return new MalformedInputException(file, "compressed data is damaged: " + e.getMessage());
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
