package dropsite.btf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The types of one BTF file by their number, together with those of the file it builds on (split
 * BTF: that of a module builds on that of vmlinux). Kept as offsets in primitive arrays: a kernel
 * has 100,000 types, and few of them are asked for.
 */
final class BtfTypes {
  private static final int MAGIC = 0xeb9f;
  private static final int HEADER_BYTES = 24;

  /** Name offset, info, size or type. */
  private static final int TYPE_BYTES = 12;

  private static final int INFO_AT = 4;
  private static final int SIZE_AT = 8;

  /** Far more than a kernel has; keeps what a hostile file can make us hold in bounds. */
  private static final long MAX_FILE_BYTES = 1L << 27;

  private final @Nullable BtfTypes base;
  private final int firstId;
  private final Bytes types;
  private final byte[] strings;

  /** Where this file's strings begin, counted from the start of those it builds on. */
  private final long firstString;

  /** Of each type the offset in the type section; of number {@link #firstId} first. */
  private final int[] offsets;

  private BtfTypes(@Nullable BtfTypes base, Bytes types, byte[] strings, int[] offsets) {
    this.base = base;
    this.types = types;
    this.strings = strings;
    this.offsets = offsets;
    // Number 0 is void, which no file describes.
    this.firstId = base == null ? 1 : base.endId();
    this.firstString = base == null ? 0 : base.firstString + base.strings.length;
  }

  /**
   * @param file in either byte order
   */
  static BtfTypes read(Bytes file, @Nullable BtfTypes base) {
    if (file.sizeBytes() > MAX_FILE_BYTES) {
      throw file.malformed(0, "larger than " + MAX_FILE_BYTES + " bytes");
    }
    Bytes ordered = file;
    int magic = file.cursor(0).u16();
    if (magic == Short.toUnsignedInt(Short.reverseBytes((short) MAGIC))) {
      ordered = new Bytes(file.file(), file.section(), file.memory(), !file.bigEndian());
    } else if (magic != MAGIC) {
      throw file.malformed(0, "magic 0x" + Integer.toHexString(magic) + " is not that of BTF");
    }
    ByteCursor header = ordered.cursor(2);
    int version = header.u8();
    if (version != 1) {
      throw ordered.malformed(2, "version " + version + " of BTF, 1 expected");
    }
    header.skip(1);
    long headerBytes = header.u32();
    if (headerBytes < HEADER_BYTES) {
      throw ordered.malformed(4, "header of " + headerBytes + " bytes");
    }
    Bytes types = section(ordered, "types", headerBytes, header);
    Bytes text = section(ordered, "strings", headerBytes, header);
    byte[] strings = text.copy(0, (int) text.sizeBytes());
    if (strings.length == 0 ? base == null : strings[strings.length - 1] != 0) {
      throw text.malformed(text.sizeBytes(), "strings do not end with a zero byte");
    }
    return new BtfTypes(base, types, strings, offsets(types));
  }

  private static Bytes section(Bytes file, String name, long headerBytes, ByteCursor header) {
    long offset = header.u32();
    long sizeBytes = header.u32();
    return file.slice(file.section() + " " + name, headerBytes + offset, sizeBytes);
  }

  private static int[] offsets(Bytes types) {
    int[] offsets = new int[(int) Math.min(1 << 16, types.sizeBytes() / TYPE_BYTES)];
    int count = 0;
    int size = (int) types.sizeBytes();
    for (int at = 0; at < size; ) {
      int info = (int) types.unsignedAt(at + INFO_AT, Integer.BYTES);
      BtfKind kind = BtfKind.of(info >>> 24 & 0x1f);
      if (kind == null) {
        throw types.malformed(at + INFO_AT, "unknown kind " + (info >>> 24 & 0x1f));
      }
      int bytes = TYPE_BYTES + kind.trailerBytes + (info & 0xffff) * kind.memberBytes;
      if (bytes > size - at) {
        throw types.malformed(at, kind + " of " + bytes + " bytes goes beyond the end");
      }
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, count * 2);
      }
      offsets[count++] = at;
      at += bytes;
    }
    return Arrays.copyOf(offsets, count);
  }

  /** Returns the number that the first type behind these would have. */
  int endId() {
    return firstId + offsets.length;
  }

  /** Returns the number of the first type that is not of the file below. */
  int firstId() {
    return firstId;
  }

  /** Returns what these build on. */
  @Nullable BtfTypes base() {
    return base;
  }

  /** Returns the kind of a type, null for number 0, which is void. */
  @Nullable BtfKind kind(int id) {
    return id == 0 ? null : BtfKind.of(info(id) >>> 24 & 0x1f);
  }

  /** Returns how many members, enumerators or parameters a type has. */
  int memberCount(int id) {
    return info(id) & 0xffff;
  }

  /** Returns the bit that means signed values of an enum, and bit fields of a structure. */
  boolean flag(int id) {
    return info(id) < 0;
  }

  /** Returns the size in bytes, or the number of the type that this one refers to. */
  int sizeOrType(int id) {
    return word(id, SIZE_AT);
  }

  int nameOffset(int id) {
    return word(id, 0);
  }

  /**
   * Returns a word of what follows the type.
   *
   * @param index of the word
   */
  int trailer(int id, int index) {
    return word(id, TYPE_BYTES + index * Integer.BYTES);
  }

  private int info(int id) {
    return word(id, INFO_AT);
  }

  private int word(int id, int at) {
    BtfTypes holder = this;
    while (id < holder.firstId && holder.base != null) {
      holder = holder.base;
    }
    int index = id - holder.firstId;
    if (index < 0 || index >= holder.offsets.length) {
      throw types.malformed(0, "there is no type " + Integer.toUnsignedString(id));
    }
    return (int) holder.types.unsignedAt(holder.offsets[index] + at, Integer.BYTES);
  }

  /** Returns whether the string at an offset is this one. */
  boolean nameIs(int nameOffset, byte[] name) {
    BtfTypes holder = holderOf(nameOffset);
    int start = (int) (Integer.toUnsignedLong(nameOffset) - holder.firstString);
    int end = start + name.length;
    return end < holder.strings.length
        && holder.strings[end] == 0
        && Arrays.equals(holder.strings, start, end, name, 0, name.length);
  }

  /** Returns the string at an offset; bytes that are not UTF-8 become U+FFFD. */
  String name(int nameOffset) {
    BtfTypes holder = holderOf(nameOffset);
    int start = (int) (Integer.toUnsignedLong(nameOffset) - holder.firstString);
    int end = start;
    while (holder.strings[end] != 0) {
      end++;
    }
    return new String(holder.strings, start, end - start, StandardCharsets.UTF_8);
  }

  private BtfTypes holderOf(int nameOffset) {
    long offset = Integer.toUnsignedLong(nameOffset);
    BtfTypes holder = this;
    while (offset < holder.firstString && holder.base != null) {
      holder = holder.base;
    }
    if (offset - holder.firstString >= holder.strings.length) {
      throw types.malformed(0, "there is no string at " + offset);
    }
    return holder;
  }

  /** Returns the exception for something wrong with a type. */
  MalformedInputException malformed(int id, String problem) {
    return types.malformed(
        id >= firstId && id < endId() ? offsets[id - firstId] : 0,
        "type " + Integer.toUnsignedString(id) + ": " + problem);
  }
}
