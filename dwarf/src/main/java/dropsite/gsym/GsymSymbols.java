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
  private final FunctionFinder finder;
  private @Nullable NameIndex names;

  GsymSymbols(
      FunctionTable functions, AddressTable addresses, StringTable strings, FunctionFinder finder) {
    this.functions = functions;
    this.addresses = addresses;
    this.strings = strings;
    this.finder = finder;
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
    FunctionFinder.Covering covering = finder.covering(linkAddress);
    return covering == null ? Optional.empty() : Optional.of(covering.nearest().symbol());
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
        symbols.add(finder.symbol(function));
      }
    });
    return List.copyOf(symbols);
  }

  private List<Symbol> withMerged(FunctionInfo function) {
    List<Symbol> symbols = new ArrayList<>();
    symbols.add(finder.symbol(function));
    MergedFunctions.forEach(
        functions.bytes(), function, merged -> symbols.add(finder.symbol(merged)));
    return symbols;
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
