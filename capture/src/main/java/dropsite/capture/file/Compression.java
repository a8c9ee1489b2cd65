package dropsite.capture.file;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** How a whole file is compressed, so that it still reads back up to its last flush when cut. */
public enum Compression {
  /** Not at all. */
  NONE(""),
  /** RFC 1952. */
  GZIP(".gz"),
  /** RFC 8878. */
  ZSTD(".zst");

  private static final int BUFFER_BYTES = 1 << 16;

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** Returns how a file is compressed whose name says it. */
  public static Compression ofName(String name) {
    return name.endsWith(GZIP.suffix) ? GZIP : name.endsWith(ZSTD.suffix) ? ZSTD : NONE;
  }

  /** Returns what names of such files end in; empty for files that are not compressed. */
  public String suffix() {
    return suffix;
  }

  /** Compresses a little less in a quarter of the time: the box has other things to do. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER_BYTES, true);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /**
   * Loads what compressing and decompressing take.
   *
   * @throws IOException when zstd's library cannot be loaded
   */
  void prepare() throws IOException {
    if (this == ZSTD) {
      try {
        Native.load();
      } catch (LinkageError e) {
        throw new IOException(
            "the library of zstd cannot be loaded; is %s full, or mounted noexec?"
                .formatted(System.getProperty("java.io.tmpdir")),
            e);
      }
    }
  }

  /** Returns a stream whose flush makes all written so far readable. */
  OutputStream compressing(OutputStream out) throws IOException {
    return switch (this) {
      case NONE -> out;
      case GZIP -> new FastGzip(out);
      case ZSTD -> new ZstdOutputStreamNoFinalizer(out);
    };
  }
}
