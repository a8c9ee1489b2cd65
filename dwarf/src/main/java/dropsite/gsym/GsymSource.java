package dropsite.gsym;

import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.tukaani.xz.SeekableFileInputStream;
import org.tukaani.xz.SeekableXZInputStream;
import org.tukaani.xz.XZIOException;

/** Where the bytes of a GSYM file come from: mapped, or unpacked when the file is compressed. */
final class GsymSource {
  private static final byte[] XZ_MAGIC = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

  /** A kernel needs some 20 MB; more than this is mapped from a plain file, never unpacked. */
  private static final long MAX_UNPACKED_BYTES = 128L << 20;

  private static final int MAX_BLOCKS = 1024;

  /** What xz's largest preset needs, and a little; limits what a hostile header makes us take. */
  private static final int LARGEST_MEMORY_KIB = 80 << 10;

  /** The same for each block where several are unpacked at once. */
  private static final int BLOCK_MEMORY_KIB = 24 << 10;

  private static final int BUFFER_BYTES = 1 << 16;

  private GsymSource() {}

  /** Returns the unpacked bytes of a file; their byte order is not known yet. */
  static Bytes read(Path path, Arena arena) throws IOException {
    MemorySegment memory =
        Arrays.equals(XZ_MAGIC, firstBytes(path, XZ_MAGIC.length))
            ? unpack(path, arena)
            : map(path, arena);
    return new Bytes(path.toString(), "header", memory, false);
  }

  private static byte[] firstBytes(Path path, int count) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(count);
    }
  }

  private static MemorySegment map(Path path, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  private static SeekableXZInputStream xz(Path path, int memoryKib) throws IOException {
    SeekableFileInputStream file = new SeekableFileInputStream(path.toFile());
    boolean opened = false;
    try {
      SeekableXZInputStream in = new SeekableXZInputStream(file, memoryKib);
      opened = true;
      return in;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  /**
   * Unpacks into native memory, because a mapped file and this must be of one kind of memory; the
   * blocks of a file written in blocks are unpacked side by side.
   */
  private static MemorySegment unpack(Path path, Arena arena) throws IOException {
    try {
      int blocks;
      MemorySegment memory;
      try (SeekableXZInputStream in = xz(path, LARGEST_MEMORY_KIB)) {
        blocks = in.getBlockCount();
        checkSize(path, in.length(), blocks);
        memory = arena.allocate(in.length());
      }
      int memoryKib = blocks == 1 ? LARGEST_MEMORY_KIB : BLOCK_MEMORY_KIB;
      IntStream.range(0, blocks)
          .parallel()
          .forEach(block -> unpackBlock(path, block, memoryKib, memory));
      return memory;
    } catch (XZIOException | EOFException e) {
      throw damaged(path, e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void checkSize(Path path, long size, int blocks) {
    if (size > MAX_UNPACKED_BYTES || blocks > MAX_BLOCKS) {
      throw new MalformedInputException(
          path.toString(),
          "unpacks to " + size + " bytes in " + blocks + " blocks, too much; unpack it first");
    }
  }

  private static void unpackBlock(Path path, int block, int memoryKib, MemorySegment memory) {
    try (SeekableXZInputStream in = xz(path, memoryKib)) {
      in.seekToBlock(block);
      long at = in.getBlockPos(block);
      long end = at + in.getBlockSize(block);
      byte[] buffer = new byte[BUFFER_BYTES];
      while (at < end) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, end - at));
        if (count < 0) {
          throw new EOFException("block " + block + " ends " + (end - at) + " bytes early");
        }
        MemorySegment.copy(buffer, 0, memory, ValueLayout.JAVA_BYTE, at, count);
        at += count;
      }
    } catch (XZIOException | EOFException e) {
      throw damaged(path, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MalformedInputException damaged(Path path, IOException problem) {
    return new MalformedInputException(path.toString(), "xz: " + problem.getMessage());
  }
}
