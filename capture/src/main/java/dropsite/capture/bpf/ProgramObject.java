package dropsite.capture.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The compiled program as it lies in dropsite's own files, and the place in it for a filter. */
final class ProgramObject {
  private static final String RESOURCE = "drops.bpf.o";

  /** {@code goto +0}, as eight bytes in memory. */
  private static final long NO_OPERATION = 0x05;

  /** How many of them the place for a filter is made of (bpf/README.md). */
  static final int FILTER_INSTRUCTIONS = 2048;

  private ProgramObject() {}

  /** Returns the ELF file. */
  static byte[] read() {
    try (InputStream in = ProgramObject.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("dropsite was built without " + RESOURCE);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Puts a filter in its place.
   *
   * @param instructions at most {@link #FILTER_INSTRUCTIONS}
   */
  static MemorySegment withFilter(Arena arena, byte[] elf, long[] instructions) {
    MemorySegment object = arena.allocate(elf.length, Long.BYTES);
    MemorySegment.copy(MemorySegment.ofArray(elf), 0, object, 0, elf.length);
    long place = filterPlace(object);
    for (int i = 0; i < instructions.length; i++) {
      object.set(JAVA_LONG_UNALIGNED, place + (long) i * Long.BYTES, instructions[i]);
    }
    return object;
  }

  /** Returns where the longest run of instructions begins that do nothing. */
  static long filterPlace(MemorySegment object) {
    int run = 0;
    for (long at = 0; at + Long.BYTES <= object.byteSize(); at += Long.BYTES) {
      run = object.get(JAVA_LONG_UNALIGNED, at) == NO_OPERATION ? run + 1 : 0;
      if (run == FILTER_INSTRUCTIONS) {
        return at + Long.BYTES - (long) FILTER_INSTRUCTIONS * Long.BYTES;
      }
    }
    throw new IllegalStateException(RESOURCE + " has no place for a filter");
  }
}
