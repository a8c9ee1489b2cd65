package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import dropsite.symbols.CallSite;
import dropsite.symbols.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds the functions that cover an address, and keeps what has been decoded of them: most of many
 * lookups meet a function that was met before.
 *
 * <p>Ranges may overlap: a symbol of hand-written assembly inside a larger one, or entries of equal
 * start and different size. So a search looks further back than the nearest start; {@link
 * AddressIndex} tells how far.
 */
final class FunctionFinder {
  /** Lookups that search the file in place; more are worth a pass over all functions. */
  private static final int FEW_LOOKUPS = 32;

  /** Entries that a lookup goes back through before that pass. */
  private static final int FEW_ENTRIES = 64;

  /** What a kernel needs decoded twice over; when it is full, all is forgotten. */
  private static final long MAX_KNOWN_BYTES = 96L << 20;

  /** No compiler makes lines or calls of one function that large; damage must not be decoded. */
  private static final int MAX_PART_BYTES = 1 << 22;

  private final FunctionTable functions;
  private final AddressTable addresses;
  private final StringTable strings;

  // Threads may write these at the same time: what gets lost is made again.
  private volatile @Nullable AddressIndex index;
  private volatile KnownFunction @Nullable [] known;
  private int lookups;
  private final AtomicLong knownBytes = new AtomicLong();

  FunctionFinder(FunctionTable functions, AddressTable addresses, StringTable strings) {
    this.functions = functions;
    this.addresses = addresses;
    this.strings = strings;
  }

  /**
   * The functions that cover an address.
   *
   * @param nearest the one that begins nearest before the address, the smallest of them
   * @param source the nearest that has lines or inlined calls; null when none has
   */
  record Covering(KnownFunction nearest, @Nullable KnownFunction source) {}

  /** Returns the functions that cover an address; null when none does. */
  @Nullable Covering covering(long address) {
    AddressIndex all = index;
    if (all == null && lookups++ >= FEW_LOOKUPS) {
      all = index();
    }
    KnownFunction nearest = null;
    KnownFunction source = null;
    int last = all == null ? addresses.lastAtOrBefore(address) : all.lastAtOrBefore(address);
    for (int i = last; i >= 0; i--) {
      if (all == null && last - i == FEW_ENTRIES) {
        all = index();
      }
      if (all != null && !all.reaches(address, i)) {
        break;
      }
      if (nearest != null && source != null && addresses.start(i) != nearest.start()) {
        break;
      }
      KnownFunction function = function(i);
      if (!function.covers(address)) {
        continue;
      }
      if (nearest == null || function.isTighterThan(nearest)) {
        nearest = function;
      }
      if (function.hasSource() && (source == null || function.isTighterThan(source))) {
        source = function;
      }
    }
    return nearest == null ? null : new Covering(nearest, source);
  }

  /** Returns the lines of a function; null when it has none. */
  @Nullable LineTable lines(KnownFunction function) {
    LineTable lines = function.lines;
    FunctionInfo.Part part = function.info().lines();
    if (lines == null && part != null) {
      lines = LineTable.decode(cursor(part), function.info().sizeBytes());
      function.lines = lines;
      keep(lines.memoryBytes());
    }
    return lines;
  }

  /** Returns the inlined calls of a function; null when it has none. */
  @Nullable InlineTree calls(KnownFunction function) {
    InlineTree calls = function.calls;
    FunctionInfo.Part part = function.info().inlined();
    if (calls == null && part != null) {
      calls = InlineTree.decode(cursor(part));
      function.calls = calls;
      keep(calls.memoryBytes());
    }
    return calls;
  }

  /**
   * Returns the call sites of the function that covers an address: of the nearest that has lines or
   * inlined calls, else of the nearest.
   */
  List<CallSite> callSites(long address) {
    Covering covering = covering(address);
    if (covering == null) {
      return List.of();
    }
    KnownFunction function = covering.source() == null ? covering.nearest() : covering.source();
    FunctionInfo.Part part = function.info().callSites();
    return part == null ? List.of() : CallSiteList.decode(cursor(part), function.info(), strings);
  }

  private ByteCursor cursor(FunctionInfo.Part part) {
    ByteCursor cursor = part.cursor(functions.bytes());
    if (cursor.remaining() > MAX_PART_BYTES) {
      throw cursor.malformed("lines or calls of " + cursor.remaining() + " bytes in one function");
    }
    return cursor;
  }

  /**
   * Returns the symbol of a function: the first merged one that has only a name and covers as much
   * of the function's start, else the function itself.
   *
   * <p>Debugging information names {@code foo} what the symbol table names {@code foo.isra.0}; a
   * file that keeps both has the second merged into the first.
   */
  private Symbol symbolOf(FunctionInfo function) {
    List<FunctionInfo> aliases = new ArrayList<>(1);
    MergedFunctions.forEach(
        functions.bytes(),
        function,
        merged -> {
          if (!merged.hasSource() && aliases.isEmpty()) {
            aliases.add(merged);
          }
        });
    return symbol(aliases.isEmpty() ? function : aliases.getFirst());
  }

  /** Returns a function as a symbol, whatever else covers its start. */
  Symbol symbol(FunctionInfo function) {
    return new Symbol(
        strings.at(function.nameOffset()), function.start(), function.sizeBytes(), true, "");
  }

  private KnownFunction function(int entry) {
    KnownFunction[] all = known;
    if (all == null) {
      all = new KnownFunction[functions.count()];
      known = all;
    }
    KnownFunction function = all[entry];
    if (function == null) {
      FunctionInfo info = functions.at(entry);
      function = new KnownFunction(info, strings.at(info.nameOffset()), symbolOf(info));
      all[entry] = function;
      keep(function.memoryBytes());
    }
    return function;
  }

  /** Counts what is kept, and forgets everything when it is too much. */
  private void keep(long sizeBytes) {
    if (knownBytes.addAndGet(sizeBytes) > MAX_KNOWN_BYTES) {
      knownBytes.set(0);
      known = null;
    }
  }

  private AddressIndex index() {
    AddressIndex made = index;
    if (made == null) {
      made = new AddressIndex(addresses, functions);
      index = made;
    }
    return made;
  }
}
