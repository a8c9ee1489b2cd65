package dropsite.analyze.stack;

import dropsite.symbols.ConstantArgument;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.SourceFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks files of debugging information, and remembers the last answers: drops repeat themselves. */
final class SourceLookup {
  private static final int REMEMBERED = 1 << 14;

  private final ParameterNames parameters = ParameterNames.shipped();
  private final Map<Key, List<Layer>> answers = new LeastRecentlyUsed();

  /**
   * Returns the chain of functions at an address, innermost first; empty when nothing covers it.
   *
   * @param lookupAddress link-time address, lowered already when it is a return address
   */
  List<Layer> layers(DebugSymbols symbols, long lookupAddress) {
    // Not computeIfAbsent: an access-ordered map must not change while it computes.
    Key key = new Key(symbols, lookupAddress);
    List<Layer> known = answers.get(key);
    if (known == null) {
      known = ask(symbols, lookupAddress);
      answers.put(key, known);
    }
    return known;
  }

  private List<Layer> ask(DebugSymbols symbols, long lookupAddress) {
    List<SourceFrame> frames = symbols.frames(lookupAddress);
    List<List<ConstantArgument>> constants = symbols.constantArguments(lookupAddress);
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      SourceFrame frame = frames.get(i);
      List<Argument> arguments =
          i < constants.size()
              ? parameters.name(frame.function(), constants.get(i), symbols)
              : List.of();
      layers.add(new Layer(frame, arguments));
    }
    return List.copyOf(layers);
  }

  private record Key(DebugSymbols symbols, long lookupAddress) {}

  private static final class LeastRecentlyUsed extends LinkedHashMap<Key, List<Layer>> {
    private static final long serialVersionUID = 1L;

    LeastRecentlyUsed() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, List<Layer>> eldest) {
      return size() > REMEMBERED;
    }
  }
}
