package dropsite.gsym;

import dropsite.symbols.Symbol;
import dropsite.symbols.SymbolIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a GSYM file as symbols; sections are not recorded, and neither are data symbols.
 */
final class GsymSymbols implements SymbolIndex {
  private final FunctionTable functions;
  private final AddressTable addresses;
  private final StringTable strings;
  private @Nullable NameIndex names;

  GsymSymbols(FunctionTable functions, AddressTable addresses, StringTable strings) {
    this.functions = functions;
    this.addresses = addresses;
    this.strings = strings;
  }

  @Override
  public List<Symbol> named(String name) {
    return names().find(name).stream()
        .flatMap(index -> withMerged(functions.at(index)).stream())
        .filter(symbol -> symbol.name().equals(name))
        .distinct()
        .toList();
  }

  @Override
  public Optional<Symbol> covering(long linkAddress) {
    FunctionTable.Covering covering = functions.covering(linkAddress);
    return covering == null ? Optional.empty() : Optional.of(symbolOf(covering.nearest()));
  }

  @Override
  public long nextAddress(Symbol symbol) {
    int next = addresses.lastAtOrBefore(symbol.linkAddress()) + 1;
    return next < addresses.count()
        ? addresses.start(next)
        : symbol.linkAddress() + symbol.sizeBytes();
  }

  @Override
  public List<Symbol> functions() {
    List<Symbol> symbols = new ArrayList<>();
    functions.forEach(function -> {
      if (function.sizeBytes() != 0) {
        symbols.add(symbol(function));
      }
    });
    return List.copyOf(symbols);
  }

  /**
   * Returns the symbol of a function: the first merged one that has only a name and covers as much
   * of the function's start, else the function itself.
   *
   * <p>Debugging information names {@code foo} what the symbol table names {@code foo.isra.0}; a
   * file that keeps both has the second merged into the first.
   */
  Symbol symbolOf(FunctionInfo function) {
    List<Symbol> aliases = new ArrayList<>();
    MergedFunctions.forEach(
        functions.bytes(),
        function,
        merged -> {
          if (!merged.hasSource()) {
            aliases.add(symbol(merged));
          }
        });
    return aliases.isEmpty() ? symbol(function) : aliases.getFirst();
  }

  private List<Symbol> withMerged(FunctionInfo function) {
    List<Symbol> symbols = new ArrayList<>();
    symbols.add(symbol(function));
    MergedFunctions.forEach(functions.bytes(), function, merged -> symbols.add(symbol(merged)));
    return symbols;
  }

  private Symbol symbol(FunctionInfo function) {
    return new Symbol(
        strings.at(function.nameOffset()), function.start(), function.sizeBytes(), true, "");
  }

  private synchronized NameIndex names() {
    NameIndex known = names;
    if (known == null) {
      known = NameIndex.of(functions, strings);
      names = known;
    }
    return known;
  }
}
