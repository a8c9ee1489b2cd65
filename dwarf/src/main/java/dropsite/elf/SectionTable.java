package dropsite.elf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the section header table (gABI, "Sections"), and lays out the loaded sections of a
 * relocatable file, which all start at address 0, one after another.
 */
final class SectionTable {
  /** Laid-out sections start here, so that address 0 stays what it is: nothing. */
  private static final long FIRST_ADDRESS = 0x10000;

  /** Keeps the end of one laid-out section apart from the start of the next. */
  private static final long SECTION_GAP = 0x1000;

  /** Longer names are damage; all together they must not cost more than any real file's. */
  private static final int MAX_NAME_BYTES = 1 << 12;

  private static final long MAX_NAMES_BYTES = 1 << 26;

  private final Bytes file;
  private final ElfHeader header;

  private SectionTable(Bytes file, ElfHeader header) {
    this.file = file;
    this.header = header;
  }

  /**
   * Returns the sections in file order.
   *
   * @throws MalformedInputException when the table is broken or lies outside the file
   */
  static List<ElfSection> read(Bytes file, ElfHeader header) {
    SectionTable table = new SectionTable(file, header);
    return table.layOut(table.readAll());
  }

  /** A section header whose name is still an offset. */
  private record Unnamed(long nameOffset, ElfSection section) {}

  private List<ElfSection> readAll() {
    if (header.sectionTableOffset() == 0) {
      return List.of();
    }
    if (Long.compareUnsigned(header.sectionTableOffset(), file.sizeBytes()) >= 0) {
      throw new MalformedInputException(
          file.file(),
          "section table",
          header.sectionTableOffset(),
          "lies outside the " + file.sizeBytes() + " bytes there are: the file is cut short");
    }
    int entrySize = entrySizeBytes();
    if (header.sectionEntrySizeBytes() != entrySize) {
      throw new MalformedInputException(
          file.file(),
          "header",
          0,
          "section entries of " + header.sectionEntrySizeBytes() + " bytes");
    }
    ByteCursor counts = file.cursor(header.sectionCountOffset());
    long count = counts.u16();
    long nameTable = counts.u16();
    // gABI: counts that do not fit are in the first section header.
    ElfSection first = readOne(0).section;
    if (count == 0) {
      count = first.sizeBytes();
    }
    if (nameTable == 0xffff) {
      nameTable = first.link() & 0xffffffffL;
    }
    if (count < 0 || count > (file.sizeBytes() - header.sectionTableOffset()) / entrySize) {
      throw new MalformedInputException(
          file.file(),
          "section table",
          header.sectionTableOffset(),
          Long.toUnsignedString(count) + " sections do not fit: the file is cut short or damaged");
    }
    List<Unnamed> unnamed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      unnamed.add(readOne(i));
    }
    return named(unnamed, nameTable);
  }

  private int entrySizeBytes() {
    return header.is64() ? 64 : 40;
  }

  private Unnamed readOne(int index) {
    ByteCursor cursor = file.cursor(header.sectionTableOffset());
    cursor.skip((long) index * entrySizeBytes());
    int word = header.is64() ? 8 : 4;
    long nameOffset = cursor.u32();
    int type = cursor.s32();
    long flags = cursor.unsigned(word);
    long address = cursor.unsigned(word);
    long offset = cursor.unsigned(word);
    long size = cursor.unsigned(word);
    int link = cursor.s32();
    int info = cursor.s32();
    cursor.skip(word);
    long entrySize = cursor.unsigned(word);
    ElfSection section =
        new ElfSection(index, "", type, flags, address, offset, size, link, info, entrySize);
    return new Unnamed(nameOffset, section);
  }

  private List<ElfSection> named(List<Unnamed> unnamed, long nameTable) {
    if (nameTable <= 0 || nameTable >= unnamed.size()) {
      return unnamed.stream().map(Unnamed::section).toList();
    }
    ElfSection table = unnamed.get((int) nameTable).section;
    Bytes names = file.slice("section names", table.fileOffset(), table.sizeBytes());
    Map<Long, String> known = new HashMap<>();
    long total = 0;
    List<ElfSection> sections = new ArrayList<>();
    for (Unnamed one : unnamed) {
      String name = known.get(one.nameOffset);
      if (name == null) {
        name = names.stringAt(one.nameOffset, MAX_NAME_BYTES);
        known.put(one.nameOffset, name);
        total += name.length();
      }
      if (total > MAX_NAMES_BYTES) {
        throw names.malformed(
            one.nameOffset, "section names of more than " + MAX_NAMES_BYTES + " bytes");
      }
      sections.add(one.section.named(name));
    }
    return sections;
  }

  private List<ElfSection> layOut(List<ElfSection> stored) {
    if (header.type() != ElfHeader.ET_REL) {
      return stored;
    }
    List<ElfSection> placed = new ArrayList<>();
    long next = FIRST_ADDRESS;
    long limit = header.is64() ? 1L << 48 : 1L << 32;
    for (ElfSection section : stored) {
      if (!section.allocated()) {
        placed.add(section);
        continue;
      }
      if (section.sizeBytes() < 0 || section.sizeBytes() > limit - next - 2 * SECTION_GAP) {
        throw new MalformedInputException(
            file.file(), section.name(), 0, "size does not fit into the address space");
      }
      placed.add(section.at(next));
      next = (next + section.sizeBytes() + 2 * SECTION_GAP) & -SECTION_GAP;
    }
    return placed;
  }
}
