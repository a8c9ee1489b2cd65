package dropsite.elf;

import dropsite.bytes.MalformedInputException;
import java.lang.foreign.MemorySegment;
import net.fornwall.jelf.BackingFile;
import net.fornwall.jelf.ElfException;
import net.fornwall.jelf.ElfFile;

/**
 * The fields of the ELF header that matter here, read by jelf.
 *
 * @param is64 whether the file class is ELFCLASS64
 * @param bigEndian whether the data encoding is ELFDATA2MSB
 * @param type {@code e_type}
 * @param machine {@code e_machine}
 * @param sectionTableOffset {@code e_shoff}, bytes from the start of the file; 0 when none
 * @param sectionEntrySizeBytes {@code e_shentsize}
 */
record ElfHeader(
    boolean is64,
    boolean bigEndian,
    int type,
    int machine,
    long sectionTableOffset,
    int sectionEntrySizeBytes) {
  static final int ET_REL = 1;

  /** Of the 64-bit classes, the larger. */
  private static final int HEADER_BYTES = 64;

  /** The program header count starts the run of counts that jelf must not see. */
  private static final int COUNTS_OFFSET_64 = 0x38;

  private static final int COUNTS_OFFSET_32 = 0x2c;

  static ElfHeader read(String file, MemorySegment memory) {
    try {
      ElfFile elf = ElfFile.from(new HeaderOnly(memory));
      boolean is64 = elf.ei_class == ElfFile.CLASS_64;
      return new ElfHeader(
          is64,
          elf.ei_data == ElfFile.DATA_MSB,
          elf.e_type & 0xffff,
          elf.e_machine & 0xffff,
          is64 ? elf.e_shoff : elf.e_shoff & 0xffffffffL,
          elf.e_shentsize & 0xffff);
    } catch (ElfException e) {
      throw new MalformedInputException(file, "header", 0, String.valueOf(e.getMessage()));
    }
  }

  /** Offset of {@code e_shnum} in the header, in bytes. */
  int sectionCountOffset() {
    return is64 ? 0x3c : 0x30;
  }

  /**
   * The header as jelf may see it: with its counts of sections and segments masked to 0, since jelf
   * holds them in signed shorts and fails beyond 32,767, and allocates by them unchecked.
   */
  private static final class HeaderOnly implements BackingFile {
    private final byte[] header;
    private int position;

    HeaderOnly(MemorySegment memory) {
      header = new byte[(int) Math.min(memory.byteSize(), HEADER_BYTES)];
      // By way of a buffer: reading a segment's values links method handles at its first use.
      memory.asSlice(0, header.length).asByteBuffer().get(header);
    }

    @Override
    public void seek(long offset) {
      position = Math.toIntExact(offset);
    }

    @Override
    public void skip(int bytesToSkip) {
      position += bytesToSkip;
    }

    @Override
    public short readUnsignedByte() {
      if (position < 0 || position >= header.length) {
        throw new ElfException("the file ends inside the ELF header");
      }
      int counts = header[4] == ElfFile.CLASS_64 ? COUNTS_OFFSET_64 : COUNTS_OFFSET_32;
      int at = position++;
      boolean isEntrySize = at == counts + 2 || at == counts + 3;
      return at >= counts && !isEntrySize ? 0 : (short) (header[at] & 0xff);
    }

    @Override
    public int read(byte[] data) {
      int count = Math.min(data.length, header.length - position);
      System.arraycopy(header, position, data, 0, count);
      position += count;
      return count;
    }
  }
}
