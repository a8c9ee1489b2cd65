package dropsite.cli;

import dropsite.analyze.report.Wording;
import dropsite.command.Output;
import dropsite.command.Streams;
import dropsite.text.SafeText;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Tells on standard error, where a terminal shows it, how far the reading of a recording has come;
 * only of one that takes long, and gone when it is over.
 */
final class ReadingProgress {
  private static final long FIRST_NANOS = 1_000_000_000L;
  private static final long STEP_NANOS = 200_000_000L;

  /** Back to the line's beginning, and away with what stands there. */
  private static final String CLEAR = "\r\u001b[K";

  private final Streams streams;
  private final boolean seen;

  ReadingProgress(Streams streams) {
    this(streams, streams.err().equals(System.err) && Output.isStandardErrorTerminal());
  }

  /**
   * @param seen whether standard error is a terminal
   */
  ReadingProgress(Streams streams, boolean seen) {
    this.streams = streams;
    this.seen = seen;
  }

  /**
   * Returns a stream whose reading is told of until it is closed.
   *
   * @param name what messages call the file
   * @param sizeBytes of the file
   */
  InputStream told(String name, long sizeBytes, InputStream in) {
    return seen ? new Told(name, sizeBytes, System.nanoTime() + FIRST_NANOS, in) : in;
  }

  private final class Told extends FilterInputStream {
    private final String name;
    private final long sizeBytes;
    private long readBytes;
    private long nextNanos;
    private boolean shown;

    Told(String name, long sizeBytes, long nextNanos, InputStream in) {
      super(in);
      this.name = name;
      this.sizeBytes = sizeBytes;
      this.nextNanos = nextNanos;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count(Math.max(read, 0));
      return read;
    }

    private void count(int bytes) {
      readBytes += bytes;
      if (System.nanoTime() - nextNanos >= 0) {
        nextNanos = System.nanoTime() + STEP_NANOS;
        shown = true;
        print(
            CLEAR
                + "reading "
                + SafeText.of(Wording.cut(name, 40))
                + ": "
                + Wording.share(readBytes, sizeBytes)
                + " of "
                + Wording.size(sizeBytes));
      }
    }

    @Override
    public void close() throws IOException {
      if (shown) {
        shown = false;
        print(CLEAR);
      }
      super.close();
    }

    private void print(String text) {
      synchronized (streams.out()) {
        streams.err().print(text);
        streams.err().flush();
      }
    }
  }
}
