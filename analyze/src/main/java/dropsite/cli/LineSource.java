package dropsite.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of a stream, in batches of what has already arrived.
 *
 * <p>A program that asks line by line over a pipe and waits for each answer (perf does) gets it at
 * once; a file of a hundred thousand lines comes in a few batches.
 */
final class LineSource {
  private static final int READ_BYTES = 1 << 16;

  /** Enough for answering in order of address to pay; more would only hold answers back. */
  private static final int BATCH_LINES = 1 << 16;

  /** No address or symbol is longer; a stream without line ends must not fill the memory. */
  private static final int MAX_LINE_BYTES = 1 << 16;

  private final InputStream in;
  private final byte[] buffer = new byte[READ_BYTES];
  private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

  LineSource(InputStream in) {
    this.in = in;
  }

  /**
   * Waits for at least one line and returns it with all others that have arrived.
   *
   * @return empty at the end of the stream
   */
  List<String> next() throws IOException {
    List<String> lines = new ArrayList<>();
    while (lines.isEmpty() || (lines.size() < BATCH_LINES && in.available() > 0)) {
      int count = in.read(buffer);
      if (count < 0) {
        if (unfinished.size() > 0) {
          lines.add(take());
        }
        return lines;
      }
      split(count, lines);
    }
    return lines;
  }

  private void split(int count, List<String> lines) throws IOException {
    int start = 0;
    for (int i = 0; i < count; i++) {
      if (buffer[i] == '\n') {
        unfinished.write(buffer, start, i - start);
        lines.add(take());
        start = i + 1;
      }
    }
    unfinished.write(buffer, start, count - start);
    if (unfinished.size() > MAX_LINE_BYTES) {
      throw new CommandFailure("standard input: a line of more than " + MAX_LINE_BYTES + " bytes");
    }
  }

  private String take() {
    String line = unfinished.toString(StandardCharsets.UTF_8);
    unfinished.reset();
    return line;
  }
}
