package dropsite.elf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Applies the relocations of a relocatable file to a copy of one of its debugging sections, for the
 * layout that {@link ElfImage} gave the file.
 */
final class Relocator {
  private static final int SHN_LORESERVE = 0xff00;
  private static final int SHN_ABS = 0xfff1;
  private static final int SHN_XINDEX = 0xffff;

  private final ElfImage image;
  private final long[] bases;

  Relocator(ElfImage image) {
    this.image = image;
    this.bases = image.relocationBases();
  }

  /**
   * Patches a section in place.
   *
   * @param target the section table's entry of the section
   * @param contents a writable copy of its (expanded) contents
   */
  void apply(ElfSection target, Bytes contents) {
    for (ElfSection section : image.sections()) {
      boolean withAddend = section.type() == ElfSection.SHT_RELA;
      if ((withAddend || section.type() == ElfSection.SHT_REL)
          && section.info() == target.index()) {
        new Run(section, contents, withAddend).apply();
      }
    }
  }

  /** One relocation section on its way into one target. */
  private final class Run {
    private final Bytes relocations;
    private final MemorySegment target;
    private final Bytes contents;
    private final boolean withAddend;
    private final Bytes symbols;
    private final long symbolSizeBytes;

    Run(ElfSection section, Bytes contents, boolean withAddend) {
      this.relocations = image.contents(section);
      this.target = contents.memory();
      this.contents = contents;
      this.withAddend = withAddend;
      if (section.link() <= 0 || section.link() >= image.sections().size()) {
        throw relocations.malformed(0, "no symbol table " + section.link());
      }
      this.symbols = image.contents(image.sections().get(section.link()));
      this.symbolSizeBytes = image.is64() ? 24 : 16;
    }

    void apply() {
      int word = image.is64() ? 8 : 4;
      ByteCursor cursor = relocations.cursor(0);
      while (cursor.remaining() >= (withAddend ? 3L : 2L) * word) {
        long offset = cursor.unsigned(word);
        long info = cursor.unsigned(word);
        long symbol = image.is64() ? info >>> 32 : info >>> 8;
        int type = (int) (image.is64() ? info & 0xffffffffL : info & 0xff);
        long addend = 0;
        if (withAddend) {
          addend = word == 8 ? cursor.u64() : cursor.s32();
        }
        patch(RelocationType.of(image.machine(), type), type, offset, symbol, addend);
      }
    }

    private void patch(RelocationType kind, int type, long offset, long symbol, long addend) {
      if (kind == RelocationType.NONE) {
        return;
      }
      if (kind == RelocationType.UNKNOWN) {
        throw relocations.malformed(
            0, "relocation type " + type + " of machine " + image.machine() + " is not known");
      }
      if (kind.leb()) {
        long old = contents.cursor(offset).uleb();
        long value = symbolValue(symbol) + addend;
        writeUleb(offset, kind == RelocationType.SUB_ULEB ? old - value : value);
        return;
      }
      int size = kind.sizeBytes();
      long old = read(offset, size);
      long sum = symbolValue(symbol) + (withAddend ? addend : signed(old, size));
      write(
          offset,
          size,
          switch (kind) {
            case ADD8, ADD16, ADD32, ADD64 -> old + sum;
            case SUB8, SUB16, SUB32, SUB64 -> old - sum;
            case SUB6 -> (old & 0xc0) | ((old - sum) & 0x3f);
            case SET6 -> (old & 0xc0) | (sum & 0x3f);
            // A section of the file itself: the place counts from the section's start, which is 0.
            case RELATIVE32, RELATIVE64 -> sum - offset;
            default -> sum;
          });
    }

    /** Returns the laid-out value of a symbol; 0 for an undefined one. */
    private long symbolValue(long index) {
      if (index == 0) {
        return 0;
      }
      if (index > symbols.sizeBytes() / symbolSizeBytes) {
        throw relocations.malformed(0, "symbol " + index + " is beyond the symbol table");
      }
      long at = index * symbolSizeBytes;
      boolean is64 = image.is64();
      long section = symbols.unsignedAt(at + (is64 ? 6 : 14), 2);
      long value = symbols.unsignedAt(at + (is64 ? 8 : 4), is64 ? 8 : 4);
      if (section == SHN_XINDEX) {
        section = extendedSection(index);
      } else if (section >= SHN_LORESERVE) {
        return section == SHN_ABS ? value : 0;
      }
      if (section == 0) {
        return 0;
      }
      return value + base(section);
    }

    private long base(long index) {
      if (index >= bases.length) {
        throw relocations.malformed(0, "symbol in section " + index + ", which does not exist");
      }
      return bases[(int) index];
    }

    /** Reads SHT_SYMTAB_SHNDX, where section indexes that do not fit into 16 bits stand. */
    private long extendedSection(long symbol) {
      for (ElfSection section : image.sections()) {
        if (section.type() == ElfSection.SHT_SYMTAB_SHNDX) {
          return image.contents(section).unsignedAt(symbol * 4, 4);
        }
      }
      throw relocations.malformed(0, "symbol " + symbol + " needs a section index table");
    }

    private long read(long offset, int size) {
      return contents.unsignedAt(offset, size);
    }

    private void write(long offset, int size, long value) {
      ByteOrder order = contents.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      switch (size) {
        case 1 -> target.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
        case 2 ->
            target.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), offset, (short) value);
        case 4 -> target.set(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), offset, (int) value);
        default -> target.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order), offset, value);
      }
    }

    /** Overwrites a ULEB128 without changing its length (RISC-V psABI, R_RISCV_SET_ULEB128). */
    private void writeUleb(long offset, long value) {
      long at = offset;
      long rest = value;
      while ((target.get(ValueLayout.JAVA_BYTE, at) & 0x80) != 0) {
        target.set(ValueLayout.JAVA_BYTE, at++, (byte) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      target.set(ValueLayout.JAVA_BYTE, at, (byte) (rest & 0x7f));
    }

    private static long signed(long value, int sizeBytes) {
      int unused = Long.SIZE - sizeBytes * Byte.SIZE;
      return value << unused >> unused;
    }
  }
}
