package dropsite.gsym;

import dropsite.bytes.Bytes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Functions by address.
 *
 * <p>Ranges may overlap: a symbol of hand-written assembly inside a larger one, or entries of equal
 * start and different size. So a search looks further back than the nearest start, and how far is
 * bounded by the furthest end of all functions before a block of entries.
 */
final class FunctionTable {
  private static final int BLOCK_SIZE = 64;

  private final Bytes functions;
  private final AddressTable addresses;
  private volatile long @Nullable [] furthestEnds;

  /**
   * @param file the whole file
   */
  FunctionTable(Bytes file, AddressTable addresses) {
    this.functions = new Bytes(file.file(), "function info", file.memory(), file.bigEndian());
    this.addresses = addresses;
  }

  /**
   * The functions that cover an address.
   *
   * @param nearest the one that begins nearest before the address, the smallest of them
   * @param source the nearest that has lines or inlined calls; null when none has
   */
  record Covering(FunctionInfo nearest, @Nullable FunctionInfo source) {}

  /** Returns what parts of functions are read from; offsets are those of the file. */
  Bytes bytes() {
    return functions;
  }

  /** Returns the number of functions, those merged into another not counted. */
  int count() {
    return addresses.count();
  }

  /** Returns the function of an entry of the address table. */
  FunctionInfo at(int index) {
    return FunctionInfo.read(functions.cursor(addresses.infoOffset(index)), addresses.start(index));
  }

  /** Returns the functions that cover an address; null when none does. */
  @Nullable Covering covering(long address) {
    FunctionInfo nearest = null;
    FunctionInfo source = null;
    for (int i = addresses.lastAtOrBefore(address); i >= 0; i--) {
      if (nearest != null && source != null && addresses.start(i) != nearest.start()) {
        break;
      }
      if (nothingReaches(address, i)) {
        break;
      }
      FunctionInfo function = at(i);
      if (!function.covers(address)) {
        continue;
      }
      if (nearest == null || isTighter(function, nearest)) {
        nearest = function;
      }
      if (function.hasSource() && (source == null || isTighter(function, source))) {
        source = function;
      }
    }
    return nearest == null ? null : new Covering(nearest, source);
  }

  /**
   * Hands over every function by ascending address, the merged ones after the one they belong to.
   */
  void forEach(Consumer<FunctionInfo> consumer) {
    for (int i = 0; i < count(); i++) {
      FunctionInfo function = at(i);
      consumer.accept(function);
      MergedFunctions.forEach(functions, function, consumer);
    }
  }

  private static boolean isTighter(FunctionInfo function, FunctionInfo other) {
    return function.start() == other.start()
        && Long.compareUnsigned(function.sizeBytes(), other.sizeBytes()) < 0;
  }

  /** Returns whether no function of an entry's block or before can reach the address. */
  private boolean nothingReaches(long address, int index) {
    // Asked only at the last entry of a block, so that most searches never need the table.
    boolean lastOfBlock = ((index + 1) & (BLOCK_SIZE - 1)) == 0;
    return lastOfBlock && Long.compareUnsigned(furthestEnds()[index / BLOCK_SIZE], address) <= 0;
  }

  /** Returns for each block of entries the furthest end of a function in it or before it. */
  private long[] furthestEnds() {
    long[] known = furthestEnds;
    if (known != null) {
      return known;
    }
    long[] ends = new long[count() / BLOCK_SIZE + 1];
    long furthest = 0;
    for (int i = 0; i < count(); i++) {
      long start = addresses.start(i);
      long end = start + functions.unsignedAt(addresses.infoOffset(i), Integer.BYTES);
      // A function that reaches the end of the address space has no larger end.
      end = Long.compareUnsigned(end, start) < 0 ? -1 : end;
      furthest = Long.compareUnsigned(end, furthest) > 0 ? end : furthest;
      ends[i / BLOCK_SIZE] = furthest;
    }
    furthestEnds = ends;
    return ends;
  }
}
