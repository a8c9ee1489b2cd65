package dropsite.gsym;

import dropsite.symbols.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * A function that has been asked for; its lines and calls are decoded when they are.
 *
 * <p>Threads may decode the same part twice and keep either: parts do not change once made.
 */
final class KnownFunction {
  /** About what an object of this class takes, with what it consists of. */
  private static final int OWN_BYTES = 256;

  private final FunctionInfo info;
  private final Symbol symbol;

  // Copied, so that a lookup finds them in one place of memory.
  private final long start;
  private final long sizeBytes;
  private final boolean hasSource;
  private final String name;
  private final String symbolName;

  @Nullable LineTable lines;
  @Nullable InlineTree calls;

  KnownFunction(FunctionInfo info, String name, Symbol symbol) {
    this.info = info;
    this.symbol = symbol;
    this.start = info.start();
    this.sizeBytes = info.sizeBytes();
    this.hasSource = info.hasSource();
    this.name = name;
    this.symbolName = symbol.name();
  }

  FunctionInfo info() {
    return info;
  }

  String name() {
    return name;
  }

  /** Returns what the symbol table knows of it. */
  Symbol symbol() {
    return symbol;
  }

  /** Returns what the symbol table calls it. */
  String symbolName() {
    return symbolName;
  }

  long start() {
    return start;
  }

  /** Returns whether anything is known beyond name and range. */
  boolean hasSource() {
    return hasSource;
  }

  /** Returns whether the range covers an address; one without a size covers nothing. */
  boolean covers(long address) {
    return Long.compareUnsigned(address - start, sizeBytes) < 0;
  }

  /** Returns whether it starts where another does and is smaller. */
  boolean isTighterThan(KnownFunction other) {
    return start == other.start && Long.compareUnsigned(sizeBytes, other.sizeBytes) < 0;
  }

  /** Returns about how much memory it takes, undecoded parts not counted. */
  int memoryBytes() {
    return OWN_BYTES + 2 * (name.length() + symbolName.length());
  }
}
