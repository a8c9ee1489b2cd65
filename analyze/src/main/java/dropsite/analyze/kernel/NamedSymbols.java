package dropsite.analyze.kernel;

import dropsite.symbols.DebugSymbols;
import dropsite.symbols.Symbol;
import java.util.List;

/** Symbols of files by name, remembered: a search goes through every symbol of a kernel. */
public final class NamedSymbols {
  /** Of sections with functions. */
  private static final long SECTION_ALIGNMENT = 16;

  private final Remembered<Key, List<NamedSymbol>> symbols = new Remembered<>();

  /** Returns every symbol of a name in a file, with the room that each has. */
  public List<NamedSymbol> in(DebugSymbols file, String name) {
    Key key = new Key(file, name);
    List<NamedSymbol> known = symbols.get(key);
    return known != null
        ? known
        : symbols.put(
            key,
            file.symbols().named(name).stream().map(symbol -> withDistance(file, symbol)).toList());
  }

  private static NamedSymbol withDistance(DebugSymbols file, Symbol symbol) {
    return new NamedSymbol(symbol, file.symbols().nextAddress(symbol) - symbol.linkAddress());
  }

  private record Key(DebugSymbols file, String name) {}

  /**
   * A symbol and what follows it.
   *
   * @param distanceBytes up to the next symbol, which kallsyms takes for the size; shorter than the
   *     symbol's own size where a label stands inside
   */
  public record NamedSymbol(Symbol symbol, long distanceBytes) {

    /** Returns how far places may be named by this symbol. */
    public long roomBytes() {
      return Math.max(symbol.sizeBytes(), distanceBytes);
    }

    /** Returns the recorded size, else the distance. */
    public long sizeBytes() {
      return symbol.sizeBytes() != 0 ? symbol.sizeBytes() : distanceBytes;
    }

    /** Returns whether a size is this symbol's, by either way of counting. */
    public boolean hasSize(long bytes) {
      return bytes == symbol.sizeBytes()
          || bytes == distanceBytes
          || bytes == distanceToNextSection();
    }

    /** In a module the next symbol may be that of the next section, where that is aligned to. */
    private long distanceToNextSection() {
      return (distanceBytes + SECTION_ALIGNMENT - 1) & -SECTION_ALIGNMENT;
    }
  }
}
