package dropsite.analyze.input;

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
    buffered.mark(PEEK_BYTES);
    byte[] start = buffered.readNBytes(PEEK_BYTES);
    buffered.reset();
    return firstVisible(start) == '{'
        ? new JsonEvents(source, buffered)
        : new TextEvents(new StackText(source, buffered));
  }

  private static int firstVisible(byte[] start) {
    for (byte b : start) {
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return b;
      }
    }
    return -1;
  }
}
