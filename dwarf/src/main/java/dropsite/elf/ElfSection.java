package dropsite.elf;

/**
 * One entry of the section header table (gABI, "Sections").
 *
 * @param index position in the table
 * @param name from the section name string table; empty when there is none
 * @param type {@code sh_type}
 * @param flags {@code sh_flags}
 * @param linkAddress {@code sh_addr}, or in a relocatable file the address that {@link ElfImage}
 *     gave an allocated section
 * @param fileOffset where the contents start, in bytes from the start of the file
 * @param sizeBytes size of the contents in the file (memory size for {@code SHT_NOBITS})
 * @param link {@code sh_link}
 * @param info {@code sh_info}
 * @param entrySizeBytes {@code sh_entsize}
 */
public record ElfSection(
    int index,
    String name,
    int type,
    long flags,
    long linkAddress,
    long fileOffset,
    long sizeBytes,
    int link,
    int info,
    long entrySizeBytes) {
  static final int SHT_SYMTAB = 2;
  static final int SHT_RELA = 4;
  static final int SHT_NOTE = 7;
  static final int SHT_NOBITS = 8;
  static final int SHT_REL = 9;
  static final int SHT_DYNSYM = 11;
  static final int SHT_SYMTAB_SHNDX = 18;
  static final long SHF_ALLOC = 0x2;
  static final long SHF_EXECINSTR = 0x4;
  static final long SHF_COMPRESSED = 0x800;

  /** Returns whether the section is part of the running image. */
  public boolean allocated() {
    return (flags & SHF_ALLOC) != 0;
  }

  /** Returns whether the section holds instructions. */
  public boolean executable() {
    return (flags & SHF_EXECINSTR) != 0;
  }

  /** Returns whether an allocated section covers a link-time address. */
  public boolean covers(long address) {
    return allocated() && Long.compareUnsigned(address - linkAddress, sizeBytes) < 0;
  }

  ElfSection named(String newName) {
    return new ElfSection(
        index,
        newName,
        type,
        flags,
        linkAddress,
        fileOffset,
        sizeBytes,
        link,
        info,
        entrySizeBytes);
  }

  ElfSection at(long address) {
    return new ElfSection(
        index, name, type, flags, address, fileOffset, sizeBytes, link, info, entrySizeBytes);
  }
}
