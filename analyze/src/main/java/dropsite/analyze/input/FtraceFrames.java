package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames of ftrace's stack traces: {@code => nf_hook_slow+0x45/0xf0 <ffffffff85cd2fa5>}, with the
 * module in brackets, and each part after the name only where trace options ask for it; trace-cmd
 * prints the address in parentheses, and the first frame on the line of the event.
 */
final class FtraceFrames implements FrameSyntax {
  /** Reads the first frame. */
  static final FtraceFrames BEGIN = new FtraceFrames(false);

  private static final FtraceFrames GOING_ON = new FtraceFrames(true);

  private static final String ARROW = "=> ";

  private final boolean begun;

  private FtraceFrames(boolean begun) {
    this.begun = begun;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    boolean announced = false;
    if (!line.accept(ARROW)) {
      announced = !begun && skipEvent(line) && line.accept(ARROW);
      if (!announced) {
        return null;
      }
    }
    line.skipBlanks();
    StackFrame place = place(line);
    if (place == null) {
      return null;
    }
    if (place.symbol() == null) {
      // Stacks of programs look the same, but for the names.
      Long address = place.runtimeAddress();
      return address != null && KernelAddress.is(address) ? LinePart.frame(place, GOING_ON) : null;
    }
    // One arrow and a word may stand in any text.
    boolean certain =
        begun || announced || place.runtimeAddress() != null || place.offsetBytes() >= 0;
    return new LinePart.Frames(List.of(place), GOING_ON, certain);
  }

  /** Returns the place that the rest of the line is, or null. */
  private static @Nullable StackFrame place(LineCursor line) {
    int start = line.position();
    line.accept("0x");
    // Stands for the name of a place that has none; an address in brackets may come all the same.
    Long address = line.address();
    line.skipBlanks();
    StackFrame place = null;
    if (address == null || !(line.atEnd() || line.comes("<") || line.comes("("))) {
      line.moveTo(start);
      place = PrintedPlace.next(line);
      address = null;
      line.skipBlanks();
    }
    Long beside = line.comes("(") ? line.addressBetween("(", ")") : line.addressBetween("<", ">");
    address = beside == null ? address : beside;
    line.skipBlanks();
    if (!line.atEnd()) {
      return null;
    }
    return place != null
        ? place.at(address)
        : address == null ? null : StackFrame.ofAddress(address);
  }

  /** Skips the beginning of the line on which trace-cmd prints a stack's first frame. */
  private static boolean skipEvent(LineCursor line) {
    while (line.skipBehind(':')) {
      line.skipBlanks();
      if (line.accept(FtraceLine.STACK_EVENT)) {
        line.skipBlanks();
        return true;
      }
    }
    return false;
  }
}
