package dropsite.elf;

import dropsite.bytes.Bytes;
import dropsite.symbols.Symbol;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One symbol table section (gABI, "Symbol Table") with its names, copied to the heap as it is:
 * plain arrays are what a cold JVM scans fastest.
 */
final class SymbolRun {
  private static final int STT_NOTYPE = 0;
  private static final int STT_OBJECT = 1;
  private static final int STT_FUNC = 2;
  private static final int STT_GNU_IFUNC = 10;
  private static final int SHN_LORESERVE = 0xff00;
  private static final int SHN_XINDEX = 0xffff;

  /** Making the index costs about as much as this many scans. */
  private static final int SCANS_BEFORE_INDEXING = 4;

  /**
   * A name's hash is that of its beginning: a damaged table may give every symbol a name of
   * megabytes.
   */
  private static final int HASHED_BYTES = 64;

  private static final int MAX_NAME_BYTES = 1 << 16;

  /** Tables beyond this belong to no image. */
  private static final long MAX_TABLE_BYTES = 1L << 29;

  private final ElfImage owner;
  private final boolean bigEndian;
  private final boolean is64;
  private final int entryBytes;
  private final byte[] table;
  private final byte[] names;
  private final int count;
  private final @Nullable Bytes sectionIndexes;
  private final @Nullable FunctionDescriptors descriptors;
  private int nameScans;
  private volatile @Nullable NameIndex nameIndex;

  private SymbolRun(ElfImage owner, ElfSection section) {
    this.owner = owner;
    this.bigEndian = owner.bytes().bigEndian();
    this.is64 = owner.is64();
    this.entryBytes = is64 ? 24 : 16;
    Bytes contents = owner.contents(section);
    if (section.link() <= 0 || section.link() >= owner.sections().size()) {
      throw contents.malformed(0, "no string table " + section.link());
    }
    this.table = copy(contents);
    this.names = copy(owner.contents(owner.sections().get(section.link())));
    this.count = table.length / entryBytes;
    this.sectionIndexes = extendedIndexes(owner, section);
    this.descriptors = FunctionDescriptors.of(owner).orElse(null);
  }

  /** Returns the first symbol table of a type; empty when the image has none. */
  static Optional<SymbolRun> of(ElfImage owner, int type) {
    return owner.sections().stream()
        .filter(section -> section.type() == type)
        .findFirst()
        .map(section -> new SymbolRun(owner, section));
  }

  private static byte[] copy(Bytes contents) {
    if (contents.sizeBytes() > MAX_TABLE_BYTES) {
      throw contents.malformed(0, "symbols of " + contents.sizeBytes() + " bytes");
    }
    return contents.copy(0, (int) contents.sizeBytes());
  }

  private static @Nullable Bytes extendedIndexes(ElfImage owner, ElfSection table) {
    for (ElfSection section : owner.sections()) {
      if (section.type() == ElfSection.SHT_SYMTAB_SHNDX && section.link() == table.index()) {
        return owner.contents(section);
      }
    }
    return null;
  }

  /** Returns the number of entries, whatever they are. */
  int count() {
    return count;
  }

  /** Returns whether an entry names a place: a function, data or a label, in a loaded section. */
  boolean kept(int index) {
    int type = type(index);
    boolean place =
        type == STT_FUNC
            || type == STT_OBJECT
            || type == STT_GNU_IFUNC
            || (type == STT_NOTYPE && !isMark(nameOffset(index)));
    return place && nameOffset(index) != 0 && home(index) != null;
  }

  /**
   * Returns whether a name is no place's: of the assembler's own labels (".L"), or of the mapping
   * symbols that tell code from data on ARM and RISC-V ("$x", "$d.1"), also behind a prefix that
   * was put before every name of an object file. The kernel's kallsyms has none of them.
   */
  private boolean isMark(int start) {
    if (start < 0 || start >= names.length - 2) {
      return false;
    }
    if (names[start] == '$' || (names[start] == '.' && names[start + 1] == 'L')) {
      return true;
    }
    int last = Math.min(names.length - 3, start + HASHED_BYTES);
    for (int at = start; at <= last && names[at] != 0; at++) {
      if (names[at] == '$' && names[at + 1] != 0 && names[at + 2] == 0) {
        return "adtx".indexOf(names[at + 1]) >= 0;
      }
    }
    return false;
  }

  boolean isFunction(int index) {
    int type = type(index);
    return type == STT_FUNC || type == STT_GNU_IFUNC;
  }

  /** Returns the link-time address of an entry's code or data. */
  long address(int index) {
    long value = value(index);
    if (descriptors == null && !owner.relocatable()) {
      return value;
    }
    ElfSection home = home(index);
    if (home == null) {
      return value;
    }
    if (descriptors != null && descriptors.section().index() == home.index()) {
      long offset = owner.relocatable() ? value : value - home.linkAddress();
      return descriptors.entryPoint(offset).orElse(value);
    }
    return owner.relocatable() ? home.linkAddress() + value : value;
  }

  long size(int index) {
    int at = index * entryBytes;
    return is64 ? word(at + 16) : half(at + 8) & 0xffffffffL;
  }

  /** Returns whether an address lies in a symbol, or behind a label that has no size. */
  boolean covers(int index, long linkAddress) {
    long size = size(index);
    if (size != 0) {
      return Long.compareUnsigned(linkAddress - address(index), size) < 0;
    }
    ElfSection home = home(index);
    return home != null && home.covers(linkAddress);
  }

  Symbol symbol(int index) {
    ElfSection home = home(index);
    return new Symbol(
        name(index),
        address(index),
        size(index),
        isFunction(index),
        home == null ? "" : home.name());
  }

  /**
   * Returns the kept entry that starts nearest at or below an address; of aliases the largest, and
   * of those the last. Negative when there is none.
   */
  int nearest(long linkAddress) {
    int best = -1;
    long bestAddress = 0;
    for (int index = 0; index < count; index++) {
      long address = address(index);
      if (Long.compareUnsigned(address, linkAddress) > 0
          || (best >= 0 && Long.compareUnsigned(address, bestAddress) < 0)
          || !kept(index)) {
        continue;
      }
      if (best < 0
          || address != bestAddress
          || Long.compareUnsigned(size(index), size(best)) >= 0) {
        best = index;
        bestAddress = address;
      }
    }
    return best;
  }

  /** Returns the address of the first kept entry above one address and below another, or that. */
  long nextAddress(long above, long below) {
    long next = below;
    for (int index = 0; index < count; index++) {
      long address = address(index);
      if (Long.compareUnsigned(address, above) > 0
          && Long.compareUnsigned(address, next) < 0
          && kept(index)) {
        next = address;
      }
    }
    return next;
  }

  /** Adds every kept entry of a name, in table order. */
  void addNamed(String name, List<Symbol> found) {
    byte[] wanted = (name + "\0").getBytes(StandardCharsets.UTF_8);
    NameIndex index = nameIndex();
    if (index == null) {
      for (int entry = 0; entry < count; entry++) {
        addIfNamed(entry, wanted, found);
      }
      return;
    }
    for (int entry = index.first(wanted); entry >= 0; entry = index.next(entry)) {
      addIfNamed(entry, wanted, found);
    }
  }

  private void addIfNamed(int entry, byte[] wanted, List<Symbol> found) {
    if (nameIs(nameOffset(entry), wanted) && kept(entry)) {
      found.add(symbol(entry));
    }
  }

  /** Returns null while scanning is cheaper. */
  private @Nullable NameIndex nameIndex() {
    NameIndex known = nameIndex;
    if (known != null) {
      return known;
    }
    synchronized (this) {
      if (nameIndex == null && nameScans++ >= SCANS_BEFORE_INDEXING) {
        nameIndex = new NameIndex();
      }
      return nameIndex;
    }
  }

  /** The entries by a hash of their name, chained in table order. */
  private final class NameIndex {
    private final int[] buckets;
    private final int[] chain = new int[count];

    NameIndex() {
      buckets = new int[Math.max(Integer.highestOneBit(Math.max(count, 1)) * 2, 2)];
      Arrays.fill(buckets, -1);
      for (int entry = count - 1; entry >= 0; entry--) {
        int bucket = bucket(names, nameOffset(entry));
        chain[entry] = buckets[bucket];
        buckets[bucket] = entry;
      }
    }

    int first(byte[] wanted) {
      return buckets[bucket(wanted, 0)];
    }

    int next(int entry) {
      return chain[entry];
    }

    private int bucket(byte[] text, int start) {
      int hash = 0;
      int end = Math.min(text.length, start + HASHED_BYTES);
      for (int at = start; at >= 0 && at < end && text[at] != 0; at++) {
        hash = 31 * hash + text[at];
      }
      return (hash ^ (hash >>> 15)) & (buckets.length - 1);
    }
  }

  private boolean nameIs(int offset, byte[] wanted) {
    if (offset < 0 || offset > names.length - wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (names[offset + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns an entry's name. */
  String name(int index) {
    int start = nameOffset(index);
    if (start < 0 || start >= names.length) {
      throw owner.bytes().malformed(0, "symbol " + index + " has its name outside the names");
    }
    int end = start;
    while (end < names.length && names[end] != 0) {
      end++;
      if (end - start > MAX_NAME_BYTES) {
        throw owner.bytes().malformed(0, "symbol " + index + " has a name that does not end");
      }
    }
    return new String(names, start, end - start, StandardCharsets.UTF_8);
  }

  /** Returns the loaded section that an entry lies in; null when there is none. */
  private @Nullable ElfSection home(int index) {
    int at = index * entryBytes + (is64 ? 6 : 14);
    int section =
        bigEndian
            ? ((table[at] & 0xff) << 8) | (table[at + 1] & 0xff)
            : ((table[at + 1] & 0xff) << 8) | (table[at] & 0xff);
    if (section == SHN_XINDEX && sectionIndexes != null) {
      section = sectionIndexes.cursor(4L * index).s32();
    } else if (section >= SHN_LORESERVE) {
      return null;
    }
    if (section <= 0 || section >= owner.sections().size()) {
      return null;
    }
    ElfSection home = owner.sections().get(section);
    return home.allocated() ? home : null;
  }

  private int nameOffset(int index) {
    return half(index * entryBytes);
  }

  private int type(int index) {
    return table[index * entryBytes + (is64 ? 4 : 12)] & 0xf;
  }

  private long value(int index) {
    int at = index * entryBytes;
    return is64 ? word(at + 8) : half(at + 4) & 0xffffffffL;
  }

  private int half(int at) {
    int first = table[at] & 0xff;
    int second = table[at + 1] & 0xff;
    int third = table[at + 2] & 0xff;
    int fourth = table[at + 3] & 0xff;
    return bigEndian
        ? (first << 24) | (second << 16) | (third << 8) | fourth
        : (fourth << 24) | (third << 16) | (second << 8) | first;
  }

  private long word(int at) {
    long first = half(at) & 0xffffffffL;
    long second = half(at + 4) & 0xffffffffL;
    return bigEndian ? (first << 32) | second : (second << 32) | first;
  }
}
