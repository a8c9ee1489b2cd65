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
  private final String name;
  private final Symbol symbol;
  @Nullable LineTable lines;
  @Nullable InlineTree calls;

  KnownFunction(FunctionInfo info, String name, Symbol symbol) {
    this.info = info;
    this.name = name;
    this.symbol = symbol;
  }

  FunctionInfo info() {
    return info;
  }

  String name() {
    return name;
  }

  /** Returns what the symbol table calls it. */
  Symbol symbol() {
    return symbol;
  }

  /** Returns whether it starts where another does and is smaller. */
  boolean isTighterThan(KnownFunction other) {
    return info.start() == other.info.start()
        && Long.compareUnsigned(info.sizeBytes(), other.info.sizeBytes()) < 0;
  }

  /** Returns about how much memory it takes, undecoded parts not counted. */
  int sizeBytes() {
    return OWN_BYTES + 2 * (name.length() + symbol.name().length());
  }
}
