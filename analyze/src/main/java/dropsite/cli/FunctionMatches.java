package dropsite.cli;

import dropsite.symbols.Symbol;
import dropsite.symbols.SymbolIndex;
import java.util.ArrayList;
import java.util.List;

/**
 * The symbols that a {@link FunctionOffset} may mean, and those of its name that it cannot mean.
 *
 * @param matches where it may be
 * @param skipped the rest, with the reason
 */
record FunctionMatches(List<Match> matches, List<Skipped> skipped) {

  /**
   * One symbol that fits.
   *
   * @param sizeBytes the symbol's size up to the next symbol, as kallsyms counts it
   * @param linkAddress of the place itself
   */
  record Match(Symbol symbol, long sizeBytes, long linkAddress) {}

  /**
   * One symbol of the right name that does not fit.
   *
   * @param mismatch the two numbers that exclude it, such as {@code 0x60 > 0x50}
   */
  record Skipped(Symbol symbol, String mismatch) {}

  /**
   * Finds the symbols that fit. A size given may be the distance to the next symbol, which kallsyms
   * and so all stack dumps print, or else the size that the symbol table records.
   */
  static FunctionMatches of(SymbolIndex symbols, FunctionOffset place) {
    List<Match> bySpan = new ArrayList<>();
    List<Match> byRecordedSize = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    for (Symbol symbol : candidates(symbols, place.name())) {
      long span = span(symbols, symbol);
      long address = symbol.linkAddress() + place.offsetBytes();
      boolean sized = place.sizeText() != null;
      if (sized
          && place.sizeBytes() != span
          && place.sizeBytes() != symbol.sizeBytes()
          && !isKallsymsSize(symbols, symbol, place)) {
        skipped.add(new Skipped(symbol, place.sizeText() + " != " + hex(span)));
      } else if (place.offsetBytes() > span) {
        skipped.add(new Skipped(symbol, place.offsetText() + " > " + hex(span)));
      } else {
        boolean exact = !sized || place.sizeBytes() == span;
        (exact ? bySpan : byRecordedSize).add(new Match(symbol, span, address));
      }
    }
    return new FunctionMatches(bySpan.isEmpty() ? byRecordedSize : bySpan, skipped);
  }

  /** Returns the functions of a name; labels of assembly code only where no function has it. */
  private static List<Symbol> candidates(SymbolIndex symbols, String name) {
    List<Symbol> named = symbols.named(name);
    List<Symbol> functions = named.stream().filter(Symbol::function).toList();
    return functions.isEmpty() ? named : functions;
  }

  /** The kernel itself counts up to the next symbol of any kind, be it inside the function. */
  private static boolean isKallsymsSize(SymbolIndex symbols, Symbol symbol, FunctionOffset place) {
    return symbols.nextAddress(symbol) - symbol.linkAddress() == place.sizeBytes();
  }

  /**
   * Returns the distance to the next symbol behind the function's recorded end, as the kernel's
   * scripts/faddr2line counts; labels inside the function do not end it.
   */
  private static long span(SymbolIndex symbols, Symbol symbol) {
    long start = symbol.linkAddress();
    long end = symbols.nextAddress(symbol);
    while (Long.compareUnsigned(end - start, symbol.sizeBytes()) < 0) {
      long next = symbols.nextAddress(new Symbol("", end, 0, false, symbol.section()));
      if (Long.compareUnsigned(next, end) <= 0) {
        break;
      }
      end = next;
    }
    return end - start;
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
