package dropsite.capture.cli;

import dropsite.command.Output;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Standard output for a recording: whoever reads it gets each write at once. */
final class OutputChannel implements WritableByteChannel {
  private final Output out;
  private boolean open = true;

  OutputChannel(Output out) {
    this.out = out;
  }

  /**
   * Writes all of the bytes.
   *
   * @throws Output.ReaderGone when nobody reads any more
   */
  @Override
  public int write(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    out.write(copy, 0, copy.length);
    out.flush();
    return copy.length;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** Ends the recording; the program closes the stream. */
  @Override
  public void close() {
    open = false;
  }
}
