package dropsite.analyze.stack;

import dropsite.analyze.kernel.Remembered;
import dropsite.symbols.ConstantArgument;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.SourceFrame;
import java.util.ArrayList;
import java.util.List;

/** Asks files of debugging information, and remembers the last answers: drops repeat themselves. */
final class SourceLookup {
  private final ParameterNames parameters = ParameterNames.shipped();
  private final Remembered<Key, List<Layer>> answers = new Remembered<>();
  private long asked;

  /**
   * Returns the chain of functions at an address, innermost first; empty when nothing covers it.
   *
   * @param lookupAddress link-time address, lowered already when it is a return address
   */
  List<Layer> layers(DebugSymbols symbols, long lookupAddress) {
    Key key = new Key(symbols, lookupAddress);
    List<Layer> known = answers.get(key);
    return known != null ? known : answers.put(key, ask(symbols, lookupAddress));
  }

  /** Returns how many places had to be asked about: those not remembered. */
  long asked() {
    return asked;
  }

  private List<Layer> ask(DebugSymbols symbols, long lookupAddress) {
    asked++;
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
}
