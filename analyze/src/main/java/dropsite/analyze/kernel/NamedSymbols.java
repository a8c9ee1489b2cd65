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
            file.symbols().named(name).stream().map(symbol -> withRoom(file, symbol)).toList());
  }

  private static NamedSymbol withRoom(DebugSymbols file, Symbol symbol) {
    long distance = file.symbols().nextAddress(symbol) - symbol.linkAddress();
    return new NamedSymbol(symbol, Math.max(symbol.sizeBytes(), distance));
  }

  private record Key(DebugSymbols file, String name) {}

  /**
   * A symbol and the room that it has.
   *
   * @param roomBytes up to the next symbol, what kallsyms takes for its size; at least its own size
   */
  public record NamedSymbol(Symbol symbol, long roomBytes) {

    /** Returns the recorded size, else the room. */
    public long sizeBytes() {
      return symbol.sizeBytes() != 0 ? symbol.sizeBytes() : roomBytes;
    }

    /** Returns whether a size is this symbol's, by either way of counting. */
    public boolean hasSize(long bytes) {
      return bytes == symbol.sizeBytes() || bytes == roomBytes || bytes == roomToNextSection();
    }

    /** In a module the next symbol may be that of the next section, where that is aligned to. */
    private long roomToNextSection() {
      return (roomBytes + SECTION_ALIGNMENT - 1) & -SECTION_ALIGNMENT;
    }
  }
}
