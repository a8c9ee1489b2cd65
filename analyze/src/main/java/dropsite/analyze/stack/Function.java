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

  /** Returns whether both are the same code, whatever they are called. */
  boolean isSameCodeAs(Function other) {
    return file.equals(other.file) && symbol.linkAddress() == other.symbol.linkAddress();
  }
}
