package dropsite.analyze.input;

import dropsite.capture.file.CaptureReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Opens recordings; the format is chosen by what they hold, never by their name. */
public final class Recordings {
  private static final int PEEK_BYTES = 1 << 16;

  private Recordings() {}

  /**
   * Opens a recording of any known format. Zero bytes are bytes of text like any others.
   *
   * @param source the file as the user named it, for messages
   * @param input read to its end, and closed with the reader
   */
  public static EventReader open(String source, InputStream input) throws IOException {
    return open(source, input, null);
  }

  /**
   * As {@link #open(String, InputStream)}, for the events of one boot.
   *
   * @param boot id of the boot in a capture file; null for the first in it, and for other formats
   */
  public static EventReader open(String source, InputStream input, @Nullable String boot)
      throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(input, PEEK_BYTES);
    buffered.mark(PEEK_BYTES);
    boolean capture = isCapture(buffered);
    buffered.reset();
    if (capture) {
      return new CapturedEvents(source, buffered, boot);
    }
    JsonShape shape = JsonShape.of(buffered, PEEK_BYTES);
    buffered.reset();
    return switch (shape) {
      case EVENTS -> new JsonEvents(source, buffered);
      case KERNEL_STACKS -> new KernelStackJson(source, buffered);
      case PWRU -> new PwruJson(source, buffered);
      case RETIS -> new RetisEvents(source, buffered);
      // Stacks in JSON of other tools are read line by line, cut or not.
      case OTHER -> new TextEvents(source, new StackText(source, buffered));
    };
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
}
