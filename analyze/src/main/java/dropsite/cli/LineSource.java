package dropsite.cli;

import dropsite.command.CommandFailure;
import java.io.IOException;
import java.io.InputStream;

/**
 * Lines of a stream, in batches of what has already arrived.
 *
 * <p>A program that asks line by line over a pipe and waits for each answer (perf does) gets it at
 * once; a file of a hundred thousand lines comes in a few batches.
 */
final class LineSource {
  private static final int READ_BYTES = 1 << 16;

  /** Enough for answering in order of address to pay; more would only hold answers back. */
  private static final int BATCH_LINES = 1 << 18;

  private static final int BATCH_BYTES = 1 << 24;

  /** No address or symbol is longer; a stream without line ends must not fill the memory. */
  private static final int MAX_LINE_BYTES = 1 << 16;

  private final InputStream in;
  private final byte[] buffer = new byte[READ_BYTES];
  private byte[] unfinished = {};

  LineSource(InputStream in) {
    this.in = in;
  }

  /**
   * Waits for at least one line and returns it with all others that have arrived.
   *
   * @return empty at the end of the stream
   */
  Lines next() throws IOException {
    Lines lines = new Lines();
    lines.add(unfinished, unfinished.length);
    while (lines.isEmpty() || (!isLarge(lines) && moreHasArrived())) {
      if (lines.unfinishedBytes() > MAX_LINE_BYTES) {
        if (!lines.isEmpty()) {
          // Those before it are answered first.
          break;
        }
        throw new CommandFailure(
            "standard input: a line of more than " + MAX_LINE_BYTES + " bytes");
      }
      int count = in.read(buffer);
      if (count < 0) {
        lines.finish();
        break;
      }
      lines.add(buffer, count);
    }
    unfinished = lines.unfinished();
    return lines;
  }

  /** Returns whether there is something to read without waiting for it. */
  boolean moreHasArrived() throws IOException {
    return in.available() > 0;
  }

  private static boolean isLarge(Lines lines) {
    return lines.size() >= BATCH_LINES || lines.sizeBytes() >= BATCH_BYTES;
  }
}
