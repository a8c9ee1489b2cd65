package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What nettrace prints when it diagnoses a drop, each value on the line below its name:
 *
 * <pre>
 *     location:
 *         tcp_v4_rcv+0x81
 *     drop reason:
 *         NO_SOCKET
 *     stack:
 *         tcp_v4_rcv ([kernel.kallsyms])
 * </pre>
 */
final class NettraceDiagnosis implements FrameSyntax {
  private enum Below {
    NOTHING,
    LOCATION,
    REASON,
    STACK
  }

  private static final NettraceDiagnosis BEGIN = new NettraceDiagnosis(Below.NOTHING);
  private static final NettraceDiagnosis LOCATION = new NettraceDiagnosis(Below.LOCATION);
  private static final NettraceDiagnosis REASON = new NettraceDiagnosis(Below.REASON);
  private static final NettraceDiagnosis STACK = new NettraceDiagnosis(Below.STACK);

  private final Below below;

  private NettraceDiagnosis(Below below) {
    this.below = below;
  }

  static FrameSyntax begin() {
    return BEGIN;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    if (line.skipBlanks() == 0) {
      return null;
    }
    if (line.accept("location:")) {
      return named(line, LOCATION);
    }
    if (line.accept("drop reason:")) {
      return named(line, REASON);
    }
    if (line.accept("stack:")) {
      return named(line, STACK);
    }
    return switch (below) {
      case NOTHING -> null;
      case LOCATION -> location(line);
      case REASON -> reason(line);
      case STACK -> frame(line);
    };
  }

  private static @Nullable LinePart named(LineCursor line, NettraceDiagnosis then) {
    line.skipBlanks();
    return line.atEnd() ? new LinePart.Inside(then) : null;
  }

  private static @Nullable LinePart location(LineCursor line) {
    StackFrame place = PrintedPlace.withOffset(line);
    line.skipBlanks();
    return place != null && line.atEnd() ? new LinePart.Places(List.of(place), Topic.NONE) : null;
  }

  private static @Nullable LinePart reason(LineCursor line) {
    Long number = line.number();
    String name = line.symbol();
    line.skipBlanks();
    return line.atEnd() ? new LinePart.Inside(EventFacts.ofReason(number, name), null) : null;
  }

  private static @Nullable LinePart frame(LineCursor line) {
    String symbol = line.symbol();
    if (symbol == null || line.skipBlanks() == 0 || !line.accept("([")) {
      return null;
    }
    boolean kernel = line.accept("kernel.kallsyms])");
    String module = kernel ? null : line.symbolBefore("])");
    line.skipBlanks();
    return (kernel || module != null) && line.atEnd()
        ? LinePart.frame(StackFrame.ofName(symbol).in(module))
        : null;
  }
}
