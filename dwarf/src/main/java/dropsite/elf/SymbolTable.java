package dropsite.elf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.symbols.Symbol;
import dropsite.symbols.SymbolIndex;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An image's symbols, read from the table in place: a kernel has more than 100,000, of which a
 * lookup needs one.
 *
 * <p>The table is copied once into primitive arrays sorted by address; names stay in the string
 * table until asked for.
 */
public final class SymbolTable implements SymbolIndex {
  private static final int STT_NOTYPE = 0;
  private static final int STT_OBJECT = 1;
  private static final int STT_FUNC = 2;
  private static final int STT_GNU_IFUNC = 10;
  private static final int SHN_UNDEF = 0;
  private static final int SHN_LORESERVE = 0xff00;
  private static final int SHN_XINDEX = 0xffff;

  private final ElfImage image;
  private final List<Run> runs;

  /** Every kept symbol in table order: parallel arrays, since objects would cost 10 MB. */
  private long[] addresses = new long[0];

  private long[] sizes = new long[0];
  private int[] names = new int[0];
  private int[] sections = new int[0];
  private byte[] types = new byte[0];
  private byte[] run = new byte[0];
  private int count;

  /** Indexes of functions, data and labels, by address, then size, then table order. */
  private int @Nullable [] byAddress;

  /** One symbol section with its names. */
  private record Run(
      Bytes table,
      Bytes names,
      @Nullable Bytes sectionIndexes,
      @Nullable FunctionDescriptors descriptors,
      ElfImage owner) {}

  private SymbolTable(ElfImage image, List<Run> runs) {
    this.image = image;
    this.runs = runs;
    for (int i = 0; i < runs.size(); i++) {
      read((byte) i);
    }
  }

  static SymbolTable of(ElfImage image) {
    List<Run> runs = new ArrayList<>();
    addRun(image, ElfSection.SHT_SYMTAB, runs);
    if (runs.isEmpty()) {
      addRun(image, ElfSection.SHT_DYNSYM, runs);
      image
          .debugSection(".gnu_debugdata")
          .map(Compression::expandXz)
          .map(memory -> ElfImage.over(image.file() + " (.gnu_debugdata)", memory))
          .ifPresent(embedded -> addRun(embedded, ElfSection.SHT_SYMTAB, runs));
    }
    return new SymbolTable(image, runs);
  }

  private static void addRun(ElfImage owner, int type, List<Run> runs) {
    for (ElfSection section : owner.sections()) {
      if (section.type() == type) {
        if (section.link() <= 0 || section.link() >= owner.sections().size()) {
          throw owner.contents(section).malformed(0, "no string table " + section.link());
        }
        Bytes names = owner.contents(owner.sections().get(section.link()));
        runs.add(
            new Run(
                owner.contents(section),
                names,
                extendedIndexes(owner, section),
                FunctionDescriptors.of(owner).orElse(null),
                owner));
        return;
      }
    }
  }

  private static @Nullable Bytes extendedIndexes(ElfImage owner, ElfSection table) {
    for (ElfSection section : owner.sections()) {
      if (section.type() == ElfSection.SHT_SYMTAB_SHNDX && section.link() == table.index()) {
        return owner.contents(section);
      }
    }
    return null;
  }

  private void read(byte runIndex) {
    Run source = runs.get(runIndex);
    boolean is64 = source.owner.is64();
    int entry = is64 ? 24 : 16;
    int total = Math.toIntExact(source.table.sizeBytes() / entry);
    grow(count + total);
    ByteCursor cursor = source.table.cursor(0);
    for (int i = 0; i < total; i++) {
      cursor.seek((long) i * entry);
      int name = cursor.s32();
      long value = 0;
      long size = 0;
      if (!is64) {
        value = cursor.u32();
        size = cursor.u32();
      }
      int type = cursor.u8() & 0xf;
      cursor.u8();
      int section = cursor.u16();
      if (is64) {
        value = cursor.u64();
        size = cursor.u64();
      }
      if (section == SHN_XINDEX && source.sectionIndexes != null) {
        section = source.sectionIndexes.cursor(4L * i).s32();
      } else if (section >= SHN_LORESERVE) {
        section = SHN_UNDEF;
      }
      boolean kept =
          type == STT_NOTYPE || type == STT_OBJECT || type == STT_FUNC || type == STT_GNU_IFUNC;
      if (kept && name != 0 && section > 0 && section < source.owner.sections().size()) {
        add(source, runIndex, name, value, size, type, section);
      }
    }
  }

  private void add(
      Run source, byte runIndex, int name, long value, long size, int type, int section) {
    ElfSection home = source.owner.sections().get(section);
    addresses[count] = codeAddress(source, home, value);
    sizes[count] = size;
    names[count] = name;
    sections[count] = section;
    types[count] = (byte) type;
    run[count] = runIndex;
    count++;
  }

  private static long codeAddress(Run source, ElfSection home, long value) {
    FunctionDescriptors descriptors = source.descriptors;
    if (descriptors != null && descriptors.section().index() == home.index()) {
      long offset = source.owner.relocatable() ? value : value - home.linkAddress();
      return descriptors.entryPoint(offset).orElse(value);
    }
    return source.owner.relocatable() ? home.linkAddress() + value : value;
  }

  private void grow(int capacity) {
    addresses = Arrays.copyOf(addresses, capacity);
    sizes = Arrays.copyOf(sizes, capacity);
    names = Arrays.copyOf(names, capacity);
    sections = Arrays.copyOf(sections, capacity);
    types = Arrays.copyOf(types, capacity);
    run = Arrays.copyOf(run, capacity);
  }

  @Override
  public List<Symbol> named(String name) {
    byte[] wanted = (name + "\0").getBytes(StandardCharsets.UTF_8);
    List<Symbol> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (nameIs(i, wanted)) {
        found.add(symbol(i));
      }
    }
    return found;
  }

  private boolean nameIs(int index, byte[] wanted) {
    Bytes strings = runs.get(run[index]).names;
    long at = names[index] & 0xffffffffL;
    if (wanted.length > strings.sizeBytes() - at) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (strings.memory().get(ValueLayout.JAVA_BYTE, at + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Optional<Symbol> covering(long linkAddress) {
    int[] order = byAddress();
    int at = firstAbove(order, linkAddress) - 1;
    if (at < 0) {
      return Optional.empty();
    }
    int candidate = order[at];
    long distance = linkAddress - addresses[candidate];
    if (sizes[candidate] == 0
        ? !sameSection(candidate, linkAddress)
        : Long.compareUnsigned(distance, sizes[candidate]) >= 0) {
      return Optional.empty();
    }
    return Optional.of(symbol(candidate));
  }

  /** A label without a size reaches to the next symbol, but not out of its section. */
  private boolean sameSection(int index, long linkAddress) {
    return section(index).covers(linkAddress);
  }

  private ElfSection section(int index) {
    return runs.get(run[index]).owner.sections().get(sections[index]);
  }

  @Override
  public long nextAddress(Symbol symbol) {
    int[] order = byAddress();
    ElfSection home = image.sectionAt(symbol.linkAddress()).orElse(null);
    for (int at = firstAbove(order, symbol.linkAddress()); at < order.length; at++) {
      if (home == null || home.covers(addresses[order[at]])) {
        return addresses[order[at]];
      }
    }
    return home == null
        ? symbol.linkAddress() + symbol.sizeBytes()
        : home.linkAddress() + home.sizeBytes();
  }

  @Override
  public List<Symbol> functions() {
    List<Symbol> functions = new ArrayList<>();
    for (int index : byAddress()) {
      if (isFunction(index) && sizes[index] != 0) {
        functions.add(symbol(index));
      }
    }
    return functions;
  }

  private boolean isFunction(int index) {
    return types[index] == STT_FUNC || types[index] == STT_GNU_IFUNC;
  }

  private Symbol symbol(int index) {
    String name = runs.get(run[index]).names.stringAt(names[index] & 0xffffffffL);
    return new Symbol(
        name, addresses[index], sizes[index], isFunction(index), section(index).name());
  }

  /** Returns the position in {@code order} of the first symbol that starts above an address. */
  private int firstAbove(int[] order, long linkAddress) {
    int low = 0;
    int high = order.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(addresses[order[middle]], linkAddress) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private synchronized int[] byAddress() {
    int[] order = byAddress;
    if (order == null) {
      order =
          IntStream.range(0, count)
              .filter(index -> section(index).allocated())
              .boxed()
              .sorted(this::compare)
              .mapToInt(Integer::intValue)
              .toArray();
      byAddress = order;
    }
    return order;
  }

  /** Among symbols of one address the largest comes last, and of those the last of the table. */
  private int compare(int left, int right) {
    int byStart = Long.compareUnsigned(addresses[left], addresses[right]);
    return byStart != 0 ? byStart : Long.compareUnsigned(sizes[left], sizes[right]);
  }
}
