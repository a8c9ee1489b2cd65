package dropsite.capture.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Where blocks go: a file never ends in half a block because of us. When the disk is full, what was
 * written of the block that did not fit is taken back.
 */
final class BlockOutput implements Closeable {
  private final String name;
  private final WritableByteChannel channel;
  private final @Nullable OutputStream compressing;

  /** What the channel has taken. */
  private long takenBytes;

  /** Up to where what it has taken can be read back. */
  private long wholeBytes;

  private boolean failed;

  /**
   * @param name for messages
   * @param channel closed with the output; cut back after a failure if it is a file
   */
  BlockOutput(String name, WritableByteChannel channel, Compression compression)
      throws IOException {
    this.name = name;
    this.channel = channel;
    this.compressing =
        compression == Compression.NONE ? null : compression.compressing(new Taking());
  }

  /** Returns the size of what has been written, compressed if it is. */
  long takenBytes() {
    return takenBytes;
  }

  /**
   * Writes whole blocks.
   *
   * @param flush whether they must be readable from then on
   * @throws IOException when not all of them could be written; no more can be written then
   */
  void write(ByteBuffer blocks, boolean flush) throws IOException {
    OutputStream stream = compressing;
    ByteBuffer all = blocks.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    try {
      if (stream == null) {
        take(blocks);
        wholeBytes = takenBytes;
      } else {
        stream.write(blocks.array(), blocks.arrayOffset() + blocks.position(), blocks.remaining());
        if (flush) {
          stream.flush();
          wholeBytes = takenBytes;
        }
      }
    } catch (IOException e) {
      if (stream == null) {
        wholeBytes += wholeBlocks(all, takenBytes - wholeBytes);
      }
      failed = true;
      throw new IOException(name + ": " + problem(e) + cutBack(), e);
    }
  }

  private void take(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      takenBytes += channel.write(bytes);
    }
  }

  /** Returns the size of the blocks that lie wholly in the first bytes. */
  private static int wholeBlocks(ByteBuffer blocks, long bytes) {
    int whole = 0;
    while (whole + Format.BLOCK_FRAME_BYTES <= bytes) {
      int length = blocks.getInt(blocks.position() + whole + Integer.BYTES);
      // Blocks that were copied from elsewhere may be of the other byte order.
      if (length < Format.BLOCK_FRAME_BYTES || length > bytes - whole) {
        break;
      }
      whole += length;
    }
    return whole;
  }

  private static String problem(IOException e) {
    String message = e.getMessage();
    return message == null || message.isEmpty() ? e.getClass().getSimpleName() : message;
  }

  private String cutBack() {
    if (channel instanceof SeekableByteChannel file) {
      try {
        file.truncate(wholeBytes);
        return "; the file holds what was written before, " + wholeBytes + " bytes";
      } catch (IOException e) {
        return "; the file may end in half a block (" + problem(e) + ")";
      }
    }
    return "";
  }

  @Override
  public void close() throws IOException {
    try {
      if (compressing != null) {
        compressing.close();
      }
    } finally {
      channel.close();
    }
  }

  /** What a compressing stream writes to; deaf after a failure, behind which nothing may come. */
  private final class Taking extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!failed) {
        take(ByteBuffer.wrap(bytes, offset, length));
      }
    }
  }
}
