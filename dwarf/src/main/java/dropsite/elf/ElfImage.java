package dropsite.elf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import dropsite.symbols.MachineCode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An ELF file, mapped: its sections as bytes ready to read, its symbols and its build-id.
 *
 * <p>Nothing but the header and the section table is read until asked for. A relocatable file's
 * allocated sections all start at address 0; here they are laid out one after another, so that one
 * link-time address means one place, and {@link #debugSection} applies relocations for that layout.
 * A linked file's relocation sections are never read, even where {@code --emit-relocs} kept them.
 */
public final class ElfImage implements AutoCloseable {
  /** {@code e_machine} of Intel 80386. */
  public static final int EM_386 = 3;

  /** {@code e_machine} of 64-bit PowerPC. */
  public static final int EM_PPC64 = 21;

  /** {@code e_machine} of IBM S/390 and z/Architecture. */
  public static final int EM_S390 = 22;

  /** {@code e_machine} of 32-bit ARM. */
  public static final int EM_ARM = 40;

  /** {@code e_machine} of AMD x86-64. */
  public static final int EM_X86_64 = 62;

  /** {@code e_machine} of ARM AArch64. */
  public static final int EM_AARCH64 = 183;

  /** {@code e_machine} of RISC-V. */
  public static final int EM_RISCV = 243;

  private static final int NT_GNU_BUILD_ID = 3;
  private static final int MAX_NOTE_BYTES = 1 << 16;

  private final Bytes bytes;
  private final Arena arena;
  private final ElfHeader header;
  private final List<ElfSection> sections;
  private final Map<String, List<ElfSection>> sectionsByName = new HashMap<>();
  private final Map<String, Optional<Bytes>> debugSections = new HashMap<>();
  private long @Nullable [] relocationBases;
  private volatile @Nullable SymbolTable symbols;

  private ElfImage(String file, MemorySegment memory, Arena arena) {
    this.arena = arena;
    this.header = ElfHeader.read(file, memory);
    this.bytes = new Bytes(file, "file", memory, header.bigEndian());
    this.sections = SectionTable.read(bytes, header);
    for (ElfSection section : sections) {
      sectionsByName.computeIfAbsent(section.name(), name -> new ArrayList<>()).add(section);
    }
  }

  /**
   * Maps a file.
   *
   * @throws IOException when it cannot be read
   * @throws MalformedInputException when it is no ELF file, or its section table is broken
   */
  public static ElfImage open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      return new ElfImage(path.toString(), map(path, arena), arena);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Returns an image over bytes that are already in memory, such as an embedded ELF file. */
  static ElfImage over(String file, MemorySegment memory) {
    return new ElfImage(file, memory, Arena.ofAuto());
  }

  private static MemorySegment map(Path path, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() < 16) {
        throw new MalformedInputException(
            path.toString(), "not an ELF file: it has only " + channel.size() + " bytes");
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /** Returns the file as the user named it. */
  public String file() {
    return bytes.file();
  }

  /** Returns the whole file's bytes. */
  public Bytes bytes() {
    return bytes;
  }

  /** Returns {@code e_machine}. */
  public int machine() {
    return header.machine();
  }

  /** Returns whether addresses have 64 bits. */
  public boolean is64() {
    return header.is64();
  }

  /** Returns whether this is a relocatable file (ET_REL), such as a kernel module. */
  public boolean relocatable() {
    return header.type() == ElfHeader.ET_REL;
  }

  /** Returns the section table, in file order. */
  public List<ElfSection> sections() {
    return sections;
  }

  /** Returns the first section of a name. */
  public Optional<ElfSection> section(String name) {
    List<ElfSection> found = sectionsByName.get(name);
    return found == null ? Optional.empty() : Optional.of(found.getFirst());
  }

  /**
   * Returns the link-time address of an offset into a section; empty when there is no such section,
   * it is not loaded, or the offset lies outside it.
   */
  public Optional<Long> addressIn(String section, long offsetBytes) {
    return section(section)
        .filter(ElfSection::allocated)
        .filter(found -> Long.compareUnsigned(offsetBytes, found.sizeBytes()) < 0)
        .map(found -> found.linkAddress() + offsetBytes);
  }

  /** Returns the allocated section that covers a link-time address. */
  public Optional<ElfSection> sectionAt(long linkAddress) {
    return sections.stream().filter(section -> section.covers(linkAddress)).findFirst();
  }

  /** Returns whether instructions may stand at a link-time address. */
  public boolean executableAt(long linkAddress) {
    for (ElfSection section : sections) {
      if (section.executable() && section.covers(linkAddress)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the instructions of the file; empty where it was left with debugging sections only. */
  public Optional<MachineCode> code() {
    List<MachineCode.Stretch> stretches = new ArrayList<>();
    for (ElfSection section : sections) {
      if (section.allocated() && section.executable() && contents(section).sizeBytes() > 0) {
        stretches.add(new MachineCode.Stretch(section.linkAddress(), contents(section)));
      }
    }
    return stretches.isEmpty()
        ? Optional.empty()
        : Optional.of(new MachineCode(machine(), !relocatable(), stretches));
  }

  /**
   * Returns a section's contents as stored; empty for {@code SHT_NOBITS}.
   *
   * @throws MalformedInputException when it reaches beyond the file
   */
  public Bytes contents(ElfSection section) {
    if (section.type() == ElfSection.SHT_NOBITS) {
      return bytes.slice(section.name(), 0, 0);
    }
    return bytes.slice(section.name(), section.fileOffset(), section.sizeBytes());
  }

  /**
   * Returns a debugging section, decompressed (SHF_COMPRESSED and {@code .zdebug_*}) and, in a
   * relocatable file, relocated. Several sections of one name (type units in COMDAT groups) are
   * joined.
   *
   * @param name such as {@code .debug_info}
   * @return empty when the file has no such section or it holds nothing
   */
  public synchronized Optional<Bytes> debugSection(String name) {
    Optional<Bytes> known = debugSections.get(name);
    if (known == null) {
      known = loadDebugSection(name);
      debugSections.put(name, known);
    }
    return known;
  }

  private Optional<Bytes> loadDebugSection(String name) {
    List<ElfSection> found = new ArrayList<>(sectionsByName.getOrDefault(name, List.of()));
    if (name.startsWith(".debug_")) {
      found.addAll(sectionsByName.getOrDefault(".z" + name.substring(1), List.of()));
    }
    found.removeIf(section -> section.type() == ElfSection.SHT_NOBITS || section.sizeBytes() == 0);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    List<Bytes> parts = new ArrayList<>();
    for (ElfSection section : found) {
      parts.add(Compression.expand(this, section, arena));
    }
    if (!relocatable()) {
      return Optional.of(parts.getFirst());
    }
    long total = parts.stream().mapToLong(Bytes::sizeBytes).sum();
    MemorySegment joined = arena.allocate(total);
    Relocator relocator = new Relocator(this);
    long offset = 0;
    for (int i = 0; i < parts.size(); i++) {
      MemorySegment target =
          joined.asSlice(offset, parts.get(i).sizeBytes()).copyFrom(parts.get(i).memory());
      relocator.apply(found.get(i), new Bytes(file(), name, target, header.bigEndian()));
      offset += target.byteSize();
    }
    return Optional.of(new Bytes(file(), name, joined, header.bigEndian()));
  }

  /**
   * Returns what the symbols of each section count from, by section index: the address of an
   * allocated section; for others where their contents start in the joined bytes of their name,
   * which is 0 unless it is the second or a later one of that name.
   */
  synchronized long[] relocationBases() {
    if (relocationBases == null) {
      relocationBases = new long[sections.size()];
      Map<String, Long> joined = new HashMap<>();
      for (ElfSection section : sections) {
        long offset = joined.getOrDefault(section.name(), 0L);
        relocationBases[section.index()] = section.allocated() ? section.linkAddress() : offset;
        joined.put(section.name(), offset + Compression.expandedSize(this, section));
      }
    }
    return relocationBases;
  }

  /** Returns the symbols of {@code .symtab}, else {@code .dynsym}, with those of MiniDebugInfo. */
  public SymbolTable symbols() {
    SymbolTable known = symbols;
    return known == null ? readSymbols() : known;
  }

  private synchronized SymbolTable readSymbols() {
    SymbolTable known = symbols;
    if (known == null) {
      known = SymbolTable.of(this);
      symbols = known;
    }
    return known;
  }

  /**
   * Returns the GNU build-id as lower-case hex, from any note section; empty when there is none.
   */
  public Optional<String> buildId() {
    for (ElfSection section : sections) {
      if (section.type() == ElfSection.SHT_NOTE && section.sizeBytes() <= MAX_NOTE_BYTES) {
        Optional<String> id = buildIdIn(contents(section));
        if (id.isPresent()) {
          return id;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> buildIdIn(Bytes notes) {
    ByteCursor cursor = notes.cursor(0);
    while (cursor.remaining() >= 12) {
      long nameSize = cursor.u32();
      long descriptorSize = cursor.u32();
      int type = cursor.s32();
      long name = cursor.position();
      if (nameSize > cursor.remaining() || align4(nameSize) > cursor.remaining()) {
        return Optional.empty();
      }
      cursor.skip(align4(nameSize));
      if (descriptorSize > cursor.remaining()) {
        return Optional.empty();
      }
      if (type == NT_GNU_BUILD_ID && nameSize == 4 && notes.stringAt(name).equals("GNU")) {
        byte[] id = notes.copy(cursor.position(), (int) descriptorSize);
        return Optional.of(HexFormat.of().formatHex(id));
      }
      cursor.skip(Math.min(align4(descriptorSize), cursor.remaining()));
    }
    return Optional.empty();
  }

  private static long align4(long size) {
    return (size + 3) & ~3L;
  }

  @Override
  public void close() {
    arena.close();
  }
}
