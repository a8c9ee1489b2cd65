package dropsite.symbols;

import java.util.List;
import java.util.Optional;

/** The symbols of one image, found by name or by address. */
public interface SymbolIndex {

  /**
   * Returns every symbol of a name, functions and others, in symbol-table order; empty when none.
   */
  List<Symbol> named(String name);

  /**
   * Returns the symbol that covers a link-time address: the one that starts nearest at or below it,
   * if its size reaches the address; one without a size, such as a label in assembly, reaches to
   * the next symbol. Among symbols of one address it is the largest, and of those the last of the
   * table, where global ones stand.
   */
  Optional<Symbol> covering(long linkAddress);

  /**
   * Returns the address at which the next symbol of the same section begins, or the section's end:
   * what kallsyms takes for the end of a symbol.
   */
  long nextAddress(Symbol symbol);

  /** Returns all function symbols with a size, by ascending unsigned address. */
  List<Symbol> functions();
}
