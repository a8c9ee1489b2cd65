package dropsite.analyze.input;

import dropsite.analyze.box.Box;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A recording read event by event; memory does not grow with its length. */
public interface EventReader extends Closeable {

  /**
   * Returns the next event, or null at the end.
   *
   * @throws dropsite.bytes.MalformedInputException when the recording breaks the rules of its
   *     format
   */
  @Nullable StackEvent next() throws IOException;

  /** Returns what the recording says about itself; to be asked at its end. */
  default Coverage coverage() {
    return Coverage.UNKNOWN;
  }

  /** Returns what the recording says of the box it was made on; to be asked at its end. */
  default Box box() {
    return Box.UNKNOWN;
  }
}
