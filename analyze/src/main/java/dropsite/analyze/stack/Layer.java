package dropsite.analyze.stack;

import dropsite.analyze.input.StackFrame;
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

  /** Returns a layer known by what a recording prints of it: a symbol, and maybe file and line. */
  static Layer asGiven(StackFrame frame) {
    String source = frame.source();
    int colon = source == null ? -1 : source.indexOf(':');
    if (source == null || colon < 0) {
      return ofSymbol(String.valueOf(frame.symbol()));
    }
    long line = 0;
    int end = colon + 1;
    for (; end < source.length() && line < Integer.MAX_VALUE / 10; end++) {
      int digit = source.charAt(end) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      line = line * 10 + digit;
    }
    return new Layer(
        new SourceFrame(null, frame.symbol(), source.substring(0, colon), (int) line, 0, 0, false),
        List.of());
  }

  /** Returns whether a source line is known. */
  public boolean hasSource() {
    return source.file() != null;
  }
}
