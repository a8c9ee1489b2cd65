package dropsite.analyze.stack;

import dropsite.symbols.SourceFrame;
import java.util.List;

/**
 * One function of a frame: an inlined one, or the concrete one that all are inlined into.
 *
 * @param source function, file and line
 * @param arguments those that are constants
 */
public record Layer(SourceFrame source, List<Argument> arguments) {

  /** Copies the arguments. */
  public Layer {
    arguments = List.copyOf(arguments);
  }

  /** Returns a layer known by the name of its symbol alone. */
  static Layer ofSymbol(String symbol) {
    return new Layer(new SourceFrame(null, symbol, null, 0, 0, 0, false), List.of());
  }

  /** Returns whether a source line is known. */
  public boolean hasSource() {
    return source.file() != null;
  }
}
