package dropsite.analyze.stack;

import dropsite.symbols.CanonicalName;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * A function of a file.
 *
 * @param module that the file is of; null for the kernel itself
 */
record Function(DebugSymbols file, @Nullable String module, Symbol symbol) {

  /** Returns the name without the suffixes that compilers add. */
  String canonicalName() {
    return CanonicalName.of(symbol.name());
  }

  /**
   * Returns an address that debugging information counts to the function: not its first, before
   * which arm64 has room for a tracer's call that only the symbol covers.
   */
  long addressWithin() {
    return symbol.linkAddress() + Math.max(0, symbol.sizeBytes() - 1);
  }

  /** Returns whether both are the same code, whatever they are called. */
  boolean isSameCodeAs(Function other) {
    return file.equals(other.file) && symbol.linkAddress() == other.symbol.linkAddress();
  }
}
