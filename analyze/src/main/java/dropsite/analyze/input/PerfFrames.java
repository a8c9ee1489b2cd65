package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * Frames of {@code perf script}: {@code ffffffff816e9c9b kfree+0x7b ([kernel.kallsyms])}, name,
 * offset and object each only where asked for and known (tools/perf/util/evsel_fprintf.c).
 *
 * <p>Frames of programs belong to the stack and are none of the kernel's; so do the lines of
 * functions that perf found inlined at the address of the next line.
 */
final class PerfFrames implements FrameSyntax {
  /** Reads the first frame of a stack without header. */
  static final PerfFrames BEGIN = new PerfFrames(Place.OUTSIDE);

  /** Reads the frames of a stack whose header was read, or those below the first. */
  static final PerfFrames BELOW = new PerfFrames(Place.BELOW);

  /** Reads the topmost frame of a stack that belongs to an interrupted program counter. */
  static final PerfFrames SAMPLED = new PerfFrames(Place.INTERRUPTED);

  /** Reads what is below a program's frame. */
  private static final PerfFrames PROGRAM = new PerfFrames(Place.PROGRAM);

  private static final String UNKNOWN = "[unknown]";
  private static final String INLINED = " (inlined)";
  private static final String BEFORE_OBJECT = " (";
  private static final String BEFORE_OFFSET = "+0x";

  private final Place place;
  private final boolean begun;

  private PerfFrames(Place place) {
    this.place = place;
    this.begun = place != Place.OUTSIDE;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    int indent = line.skipBlanks();
    Long address = line.hexDigits(1);
    if (address == null || (line.skipBlanks() == 0 && !line.atEnd())) {
      return begun && indent > 0 && isSource(line) ? new LinePart.Inside(this) : null;
    }
    String text = line.remaining().stripTrailing();
    if (text.endsWith(INLINED)) {
      return begun ? new LinePart.Inside(this) : null;
    }
    StackFrame frame = frame(address, text);
    if (frame == null) {
      return begun ? new LinePart.Inside(PROGRAM) : null;
    }
    return LinePart.frame(place == Place.INTERRUPTED ? frame.asProgramCounter() : frame, BELOW);
  }

  /** Returns the frame of the kernel that a line prints; null for others. */
  private @Nullable StackFrame frame(long address, String text) {
    int object = text.endsWith(")") ? text.lastIndexOf(BEFORE_OBJECT) : -1;
    if (object < 0) {
      // Without an object, only what the processor itself keeps for the kernel is the kernel's.
      return begun && place != Place.PROGRAM && address < 0 && text.indexOf(' ') < 0
          ? named(text, StackFrame.ofAddress(address))
          : null;
    }
    String name = text.substring(object + BEFORE_OBJECT.length(), text.length() - 1);
    // What is found on a program's stack may be anything.
    PerfObject found =
        place == Place.PROGRAM && name.equals(UNKNOWN) ? null : PerfObject.of(name, address);
    return found == null
        ? null
        : named(
            text.substring(0, object),
            StackFrame.ofSymbol(null, StackFrame.UNKNOWN, StackFrame.UNKNOWN)
                .in(found.module())
                .at(found.address()));
  }

  private static @Nullable StackFrame named(String text, StackFrame unnamed) {
    String name = text.strip();
    long offset = StackFrame.UNKNOWN;
    int plus = name.lastIndexOf(BEFORE_OFFSET);
    if (plus >= 0) {
      LineCursor cursor = LineCursor.of(name);
      cursor.moveTo(plus + 1);
      Long read = cursor.offset();
      if (read != null && cursor.atEnd()) {
        offset = read;
        name = name.substring(0, plus);
      }
    }
    if (name.isEmpty() || name.equals(UNKNOWN)) {
      return unnamed.runtimeAddress() == null ? null : unnamed;
    }
    return StackFrame.ofSymbol(name, offset, StackFrame.UNKNOWN)
        .in(unnamed.module())
        .at(unnamed.runtimeAddress());
  }

  /** What the frame before is. */
  private enum Place {
    OUTSIDE,
    INTERRUPTED,
    BELOW,
    PROGRAM
  }

  /** Returns whether this is the line that {@code -F +srcline} prints below a frame. */
  private static boolean isSource(LineCursor line) {
    return line.sourceLine() != null && line.atEnd();
  }
}
