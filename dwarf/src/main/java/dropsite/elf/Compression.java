package dropsite.elf;

import com.github.luben.zstd.ZstdInputStream;
import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.InflaterInputStream;
import org.tukaani.xz.XZInputStream;

/** Expands compressed sections, never trusting the size that they claim. */
final class Compression {
  private static final int ELFCOMPRESS_ZLIB = 1;
  private static final int ELFCOMPRESS_ZSTD = 2;

  /** {@code ZLIB} as big-endian bytes, then the size as 8 big-endian bytes (GNU .zdebug). */
  private static final int ZDEBUG_MAGIC = 0x5a4c4942;

  private static final int CHUNK_BYTES = 1 << 16;

  /** No debugging section is larger; what expands further is an attack. */
  private static final long MAX_EXPANDED_BYTES = 1L << 32;

  /** MiniDebugInfo holds symbols only; this memory limit keeps a hostile xz header harmless. */
  private static final int XZ_MEMORY_KIB = 64 << 10;

  private static final long MAX_MINI_DEBUG_BYTES = 256L << 20;

  private Compression() {}

  /** Returns a section's contents, expanded when compressed in one of ELF's two ways. */
  static Bytes expand(ElfImage image, ElfSection section, Arena arena) {
    Bytes stored = image.contents(section);
    if ((section.flags() & ElfSection.SHF_COMPRESSED) != 0) {
      return expandStandard(image, stored, arena);
    }
    if (section.name().startsWith(".zdebug_")) {
      return expandGnu(stored, arena);
    }
    return stored;
  }

  /** Returns the size that {@link #expand} gives, read from the section's header alone. */
  static long expandedSize(ElfImage image, ElfSection section) {
    if ((section.flags() & ElfSection.SHF_COMPRESSED) == 0) {
      return section.sizeBytes();
    }
    int word = image.is64() ? 8 : 4;
    return image.contents(section).cursor(word).unsigned(word);
  }

  /** Reads Elf32_Chdr or Elf64_Chdr (gABI, "Section Compression"). */
  private static Bytes expandStandard(ElfImage image, Bytes stored, Arena arena) {
    ByteCursor cursor = stored.cursor(0);
    int type = cursor.s32();
    if (image.is64()) {
      cursor.skip(4);
    }
    long size = cursor.unsigned(image.is64() ? 8 : 4);
    cursor.skip(image.is64() ? 8 : 4);
    Bytes payload = stored.slice(stored.section(), cursor.position(), cursor.remaining());
    InputStream packed = new SegmentInputStream(payload.memory());
    return switch (type) {
      case ELFCOMPRESS_ZLIB -> inflate(stored, new InflaterInputStream(packed), size, arena);
      case ELFCOMPRESS_ZSTD -> unzstd(stored, packed, size, arena);
      default -> throw stored.malformed(0, "compression type " + type + " is not known");
    };
  }

  private static Bytes expandGnu(Bytes stored, Arena arena) {
    ByteCursor cursor = new Bytes(stored.file(), stored.section(), stored.memory(), true).cursor(0);
    if (cursor.s32() != ZDEBUG_MAGIC) {
      throw stored.malformed(0, "no ZLIB magic");
    }
    long size = cursor.u64();
    Bytes payload = stored.slice(stored.section(), 12, stored.sizeBytes() - 12);
    return inflate(
        stored, new InflaterInputStream(new SegmentInputStream(payload.memory())), size, arena);
  }

  private static Bytes unzstd(Bytes stored, InputStream packed, long size, Arena arena) {
    try {
      return inflate(stored, new ZstdInputStream(packed), size, arena);
    } catch (IOException e) {
      throw broken(stored, e);
    }
  }

  private static Bytes inflate(Bytes stored, InputStream expanding, long size, Arena arena) {
    if (size < 0 || size > MAX_EXPANDED_BYTES) {
      throw stored.malformed(0, "claims to expand to " + Long.toUnsignedString(size) + " bytes");
    }
    try (expanding) {
      MemorySegment target = fill(stored, expanding, size, arena);
      return new Bytes(stored.file(), stored.section(), target, stored.bigEndian());
    } catch (IOException e) {
      throw broken(stored, e);
    }
  }

  /**
   * Reads exactly {@code size} bytes. The memory is claimed in steps, each no more than what the
   * data has already justified, so a false size costs nothing.
   */
  private static MemorySegment fill(Bytes stored, InputStream expanding, long size, Arena arena)
      throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    long capacity = Math.min(size, Math.max(16L * CHUNK_BYTES, stored.sizeBytes() * 8));
    MemorySegment target = arena.allocate(capacity);
    long filled = 0;
    for (int count = expanding.read(chunk); count >= 0; count = expanding.read(chunk)) {
      if (count > size - filled) {
        throw stored.malformed(0, "expands to more than the " + size + " bytes it claims");
      }
      if (count > capacity - filled) {
        capacity = Math.min(size, capacity * 2);
        target = arena.allocate(capacity).copyFrom(target);
      }
      MemorySegment.copy(chunk, 0, target, ValueLayout.JAVA_BYTE, filled, count);
      filled += count;
    }
    if (filled != size) {
      throw stored.malformed(0, "expands to " + filled + " bytes, not the " + size + " it claims");
    }
    return target.asSlice(0, filled);
  }

  /** Expands MiniDebugInfo ({@code .gnu_debugdata}): an ELF file in xz format. */
  static MemorySegment expandXz(Bytes stored) {
    ByteArrayOutputStream expanded = new ByteArrayOutputStream();
    try (InputStream in =
        new XZInputStream(new SegmentInputStream(stored.memory()), XZ_MEMORY_KIB)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        expanded.write(chunk, 0, count);
        if (expanded.size() > MAX_MINI_DEBUG_BYTES) {
          throw stored.malformed(0, "expands to more than " + MAX_MINI_DEBUG_BYTES + " bytes");
        }
      }
    } catch (IOException e) {
      throw broken(stored, e);
    }
    MemorySegment memory = Arena.ofAuto().allocate(expanded.size());
    return memory.copyFrom(MemorySegment.ofArray(expanded.toByteArray()));
  }

  private static MalformedInputException broken(Bytes stored, IOException cause) {
    return stored.malformed(0, "compressed data is broken: " + cause.getMessage());
  }

  /** The bytes of a segment as a stream. */
  private static final class SegmentInputStream extends InputStream {
    private final MemorySegment memory;
    private long position;

    SegmentInputStream(MemorySegment memory) {
      this.memory = memory;
    }

    @Override
    public int read() {
      return position < memory.byteSize()
          ? memory.get(ValueLayout.JAVA_BYTE, position++) & 0xff
          : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      long left = memory.byteSize() - position;
      if (left <= 0) {
        return length == 0 ? 0 : -1;
      }
      int count = (int) Math.min(left, length);
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, position, target, offset, count);
      position += count;
      return count;
    }
  }
}
