package dropsite.capture.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file on a disk that has room for so many bytes, and takes what fits before it fails. */
final class FullDisk implements SeekableByteChannel {
  private final FileChannel file;
  int limit;

  FullDisk(Path path, int limit) throws IOException {
    this.file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    this.limit = limit;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int room = (int) Math.min(bytes.remaining(), limit - file.position());
    if (room == 0) {
      throw new IOException("No space left on device");
    }
    int written = file.write(bytes.slice().limit(room));
    bytes.position(bytes.position() + written);
    return written;
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    return file.truncate(size);
  }

  @Override
  public int read(ByteBuffer bytes) throws IOException {
    return file.read(bytes);
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    return file.position(position);
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
