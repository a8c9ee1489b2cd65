package dropsite.elf;

import dropsite.bytes.UnsignedOrder;
import dropsite.symbols.Symbol;
import dropsite.symbols.SymbolIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An image's symbols. A kernel has more than 100,000, of which a lookup needs one: the tables are
 * scanned as they lie in the file for the first few questions, and sorted by address only when more
 * come.
 */
public final class SymbolTable implements SymbolIndex {
  /** This many scans cost less than sorting. */
  private static final int SCANS_BEFORE_SORTING = 4;

  private final ElfImage image;
  private final List<SymbolRun> runs;
  private final boolean any;
  private int scans;
  private volatile @Nullable AddressOrder order;

  private SymbolTable(ElfImage image, List<SymbolRun> runs) {
    this.image = image;
    this.runs = runs;
    this.any = runs.stream().anyMatch(run -> run.count() > 1);
  }

  static SymbolTable of(ElfImage image) {
    List<SymbolRun> runs = new ArrayList<>();
    SymbolRun.of(image, ElfSection.SHT_SYMTAB).ifPresent(runs::add);
    if (runs.isEmpty()) {
      SymbolRun.of(image, ElfSection.SHT_DYNSYM).ifPresent(runs::add);
      image
          .debugSection(".gnu_debugdata")
          .map(Compression::expandXz)
          .map(memory -> ElfImage.over(image.file() + " (.gnu_debugdata)", memory))
          .flatMap(embedded -> SymbolRun.of(embedded, ElfSection.SHT_SYMTAB))
          .ifPresent(runs::add);
    }
    return new SymbolTable(image, runs);
  }

  /** Returns whether there is any symbol at all: a stripped image has none. */
  public boolean any() {
    return any;
  }

  @Override
  public List<Symbol> named(String name) {
    List<Symbol> found = new ArrayList<>();
    for (SymbolRun run : runs) {
      run.addNamed(name, found);
    }
    return found;
  }

  @Override
  public Optional<Symbol> covering(long linkAddress) {
    AddressOrder sorted = order;
    Reference nearest = sorted == null ? nearest(linkAddress) : sorted.nearest(linkAddress);
    return nearest.run == null || !nearest.run.covers(nearest.index, linkAddress)
        ? Optional.empty()
        : Optional.of(nearest.run.symbol(nearest.index));
  }

  /** Returns the name of the symbol that {@link #covering} finds; null when there is none. */
  public @Nullable String nameAt(long linkAddress) {
    AddressOrder sorted = order;
    return sorted == null
        ? covering(linkAddress).map(Symbol::name).orElse(null)
        : sorted.nameAt(linkAddress);
  }

  /** A symbol of one run; no run means no symbol. */
  private record Reference(@Nullable SymbolRun run, int index) {}

  private Reference nearest(long linkAddress) {
    AddressOrder sorted = orderIfAskedOften();
    return sorted == null ? scan(linkAddress) : sorted.nearest(linkAddress);
  }

  /** Returns null while scanning is cheaper. */
  private synchronized @Nullable AddressOrder orderIfAskedOften() {
    return order == null && scans++ < SCANS_BEFORE_SORTING ? null : order();
  }

  private Reference scan(long linkAddress) {
    Reference best = new Reference(null, 0);
    for (SymbolRun run : runs) {
      int index = run.nearest(linkAddress);
      if (index >= 0
          && (best.run == null
              || Long.compareUnsigned(run.address(index), best.run.address(best.index)) > 0)) {
        best = new Reference(run, index);
      }
    }
    return best;
  }

  /** Returns which symbol covers which addresses, for a walk over all of them. */
  public Coverage coverage() {
    return new Coverage(order());
  }

  /** The symbols' ranges as {@link #covering} sees them: apart, ascending. */
  public static final class Coverage {
    private final AddressOrder order;

    private Coverage(AddressOrder order) {
      this.order = order;
    }

    /** Gives the addresses within a range at which the covering symbol may change. */
    public void forEachCut(long low, long high, LongConsumer receiver) {
      for (int at = Math.max(order.firstAbove(low) - 1, 0); at < order.count(); at++) {
        Reference reference = order.reference(at);
        SymbolRun run = reference.run;
        if (run == null || Long.compareUnsigned(run.address(reference.index), high) >= 0) {
          return;
        }
        receiver.accept(run.address(reference.index));
        receiver.accept(run.address(reference.index) + run.size(reference.index));
      }
    }

    /** Returns the name of the symbol that covers an address; null when none does. */
    public @Nullable String nameAt(long linkAddress) {
      return order.nameAt(linkAddress);
    }
  }

  @Override
  public long nextAddress(Symbol symbol) {
    ElfSection home = image.sectionAt(symbol.linkAddress()).orElse(null);
    long end =
        home == null
            ? symbol.linkAddress() + symbol.sizeBytes()
            : home.linkAddress() + home.sizeBytes();
    AddressOrder sorted = orderIfAskedOften();
    if (sorted != null) {
      return sorted.nextAddress(symbol.linkAddress(), end);
    }
    for (SymbolRun run : runs) {
      end = run.nextAddress(symbol.linkAddress(), end);
    }
    return end;
  }

  @Override
  public List<Symbol> functions() {
    List<Symbol> functions = new ArrayList<>();
    AddressOrder sorted = order();
    for (int at = 0; at < sorted.count(); at++) {
      SymbolRun run = sorted.reference(at).run;
      int index = sorted.reference(at).index;
      if (run != null && run.isFunction(index) && run.size(index) != 0) {
        functions.add(run.symbol(index));
      }
    }
    return functions;
  }

  private synchronized AddressOrder order() {
    AddressOrder sorted = order;
    if (sorted == null) {
      sorted = new AddressOrder(runs);
      order = sorted;
    }
    return sorted;
  }

  /**
   * All kept symbols by address, then size, then table order: among symbols of one address the
   * largest comes last, and of those the last of the table, which is global where there is one.
   */
  private static final class AddressOrder {
    private final List<SymbolRun> runs;
    private final long[] addresses;

    /** Run number in the upper half, index in the lower. */
    private final long[] references;

    /** As far as they have been asked for. */
    private final @Nullable String[] names;

    AddressOrder(List<SymbolRun> runs) {
      this.runs = runs;
      int capacity = runs.stream().mapToInt(SymbolRun::count).sum();
      long[] unsortedAddresses = new long[capacity];
      long[] unsorted = new long[capacity];
      int count = 0;
      for (int number = 0; number < runs.size(); number++) {
        SymbolRun run = runs.get(number);
        for (int index = 0; index < run.count(); index++) {
          if (run.kept(index)) {
            unsortedAddresses[count] = run.address(index);
            unsorted[count] = ((long) number << Integer.SIZE) | index;
            count++;
          }
        }
      }
      int[] order = UnsignedOrder.of(unsortedAddresses, count);
      addresses = new long[count];
      references = new long[count];
      names = new @Nullable String[count];
      for (int i = 0; i < count; i++) {
        addresses[i] = unsortedAddresses[order[i]];
        references[i] = unsorted[order[i]];
      }
      for (int start = 0, end; start < count; start = end) {
        end = start + 1;
        while (end < count && addresses[end] == addresses[start]) {
          end++;
        }
        sortAliases(start, end);
      }
    }

    /** Insertion sort by size: a handful of aliases at the most, but for damaged files. */
    private void sortAliases(int start, int end) {
      if (end - start > 64) {
        return;
      }
      for (int i = start + 1; i < end; i++) {
        long moving = references[i];
        int at = i;
        while (at > start && Long.compareUnsigned(size(references[at - 1]), size(moving)) > 0) {
          references[at] = references[at - 1];
          at--;
        }
        references[at] = moving;
      }
    }

    private long size(long reference) {
      return runs.get((int) (reference >>> Integer.SIZE)).size((int) reference);
    }

    int count() {
      return addresses.length;
    }

    Reference reference(int at) {
      return new Reference(runs.get((int) (references[at] >>> Integer.SIZE)), (int) references[at]);
    }

    Reference nearest(long linkAddress) {
      int at = firstAbove(linkAddress) - 1;
      return at < 0 ? new Reference(null, 0) : reference(at);
    }

    /** Returns the name of the symbol that covers an address; null when none does. */
    @Nullable String nameAt(long linkAddress) {
      int at = firstAbove(linkAddress) - 1;
      if (at < 0) {
        return null;
      }
      SymbolRun run = runs.get((int) (references[at] >>> Integer.SIZE));
      int index = (int) references[at];
      if (!run.covers(index, linkAddress)) {
        return null;
      }
      String known = names[at];
      if (known == null) {
        known = run.name(index);
        names[at] = known;
      }
      return known;
    }

    long nextAddress(long above, long below) {
      int at = firstAbove(above);
      return at < addresses.length && Long.compareUnsigned(addresses[at], below) < 0
          ? addresses[at]
          : below;
    }

    private int firstAbove(long linkAddress) {
      int low = 0;
      int high = addresses.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (Long.compareUnsigned(addresses[middle], linkAddress) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
