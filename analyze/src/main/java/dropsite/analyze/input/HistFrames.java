package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries of ftrace's histograms that have stacks as keys: <code>{ common_stacktrace:</code>, one
 * frame a line, <code>} hitcount: 3</code>, other keys before and after; and those whose key is one
 * place, <code>{ location: [ffffffff85cd2fa5] name+0x45/0xf0 } hitcount: 3</code>
 * (kernel/trace/trace_events_hist.c: hist_trigger_print_key).
 */
final class HistFrames implements FrameSyntax {
  /** Reads the line that begins an entry. */
  static final HistFrames BEGIN = new HistFrames(false);

  private static final HistFrames WITHIN = new HistFrames(true);

  private static final String OPEN = "{ ";
  private static final String STACK_KEY = "stacktrace";
  private static final String BEFORE_ADDRESS = ": [";
  private static final String CLOSE = "}";
  private static final String BEFORE_COUNT = "hitcount:";

  private final boolean begun;

  private HistFrames(boolean begun) {
    this.begun = begun;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    return begun ? within(line) : begin(line);
  }

  private static @Nullable LinePart begin(LineCursor line) {
    line.skipBlanks();
    int begin = line.position();
    if (!line.accept(OPEN)) {
      return null;
    }
    if (line.skipBehindLast(STACK_KEY)) {
      line.accept(":");
      line.skipBlanks();
      StackFrame first = place(line);
      if (!line.atEnd()) {
        return null;
      }
      line.moveTo(begin);
      return new LinePart.Opening(
          StackEvent.Kind.STACK,
          Topic.of(HeaderLine.decoded(line.remaining()).strip()),
          first == null ? List.of() : List.of(first),
          WITHIN);
    }
    Long address = line.skipBehindLast(BEFORE_ADDRESS) ? line.addressBetween("", "] ") : null;
    StackFrame place = address == null ? null : PrintedPlace.next(line);
    return place != null && line.skipBehindLast(CLOSE)
        ? new LinePart.Places(List.of(place.at(address)), count(line), Topic.NONE, null)
        : null;
  }

  private static @Nullable LinePart within(LineCursor line) {
    int indent = line.skipBlanks();
    if (indent > 0) {
      StackFrame frame = place(line);
      return frame != null && line.atEnd() ? LinePart.frame(frame) : null;
    }
    // Keys that are printed after the stack stand before the brace.
    boolean end = line.accept(", ") ? line.skipBehindLast(CLOSE) : line.accept(CLOSE);
    return end ? new LinePart.Last(List.of(), count(line)) : null;
  }

  private static @Nullable StackFrame place(LineCursor line) {
    StackFrame place = PrintedPlace.next(line);
    if (place == null) {
      line.accept("0x");
      Long address = line.address();
      place = address == null ? null : StackFrame.ofAddress(address);
    }
    line.skipBlanks();
    return place;
  }

  private static long count(LineCursor line) {
    if (line.skipBehindLast(BEFORE_COUNT)) {
      line.skipBlanks();
      Long count = line.number();
      return count == null || count < 1 ? 1 : count;
    }
    return 1;
  }
}
