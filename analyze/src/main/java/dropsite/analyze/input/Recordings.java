package dropsite.analyze.input;

import dropsite.capture.file.CaptureReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Opens recordings; the format is chosen by what they hold, never by their name. */
public final class Recordings {
  private static final int PEEK_BYTES = 4096;

  private Recordings() {}

  /**
   * Opens a recording of any known format. Zero bytes are bytes of text like any others.
   *
   * @param source the file as the user named it, for messages
   * @param input read to its end, and closed with the reader
   */
  public static EventReader open(String source, InputStream input) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(input, 1 << 16);
    buffered.mark(2 * PEEK_BYTES);
    boolean capture = isCapture(buffered);
    buffered.reset();
    if (capture) {
      return new CapturedEvents(source, buffered);
    }
    boolean json = isObject(buffered);
    buffered.reset();
    return json
        ? new JsonEvents(source, buffered)
        : new TextEvents(source, new StackText(source, buffered));
  }

  /** Returns whether this is the beginning of a capture file; reads no further than it must. */
  public static boolean isCapture(InputStream input) throws IOException {
    byte[] first = new byte[CaptureReader.MAGIC_BYTES];
    for (int count = 0; count < first.length; count++) {
      int b = input.read();
      first[count] = (byte) b;
      if (b < 0 || !CaptureReader.mayBegin(first, count + 1)) {
        return false;
      }
    }
    return true;
  }

  /** Other texts begin with braces too: entries of ftrace's histograms. */
  private static boolean isObject(InputStream input) throws IOException {
    if (firstVisible(input) != '{') {
      return false;
    }
    int second = firstVisible(input);
    return second == '"' || second == '}' || second < 0;
  }

  /** Reads no further than it must: whoever writes the input may wait for what comes of it. */
  private static int firstVisible(InputStream input) throws IOException {
    for (int i = 0; i < PEEK_BYTES; i++) {
      int b = input.read();
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return b;
      }
    }
    return -1;
  }
}
