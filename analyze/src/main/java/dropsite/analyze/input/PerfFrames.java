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
  static final PerfFrames BEGIN = new PerfFrames(false, false);

  /** Reads the frames of a stack whose header was read, or those below the first. */
  static final PerfFrames BELOW = new PerfFrames(true, false);

  /** Reads the topmost frame of a stack that belongs to an interrupted program counter. */
  static final PerfFrames SAMPLED = new PerfFrames(true, true);

  private static final String UNKNOWN = "[unknown]";
  private static final String INLINED = " (inlined)";
  private static final String BEFORE_OBJECT = " (";
  private static final String BEFORE_OFFSET = "+0x";

  private final boolean begun;
  private final boolean sampled;

  private PerfFrames(boolean begun, boolean sampled) {
    this.begun = begun;
    this.sampled = sampled;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    int indent = line.skipBlanks();
    Long address = line.hexDigits(1);
    if (address == null || (line.skipBlanks() == 0 && !line.atEnd())) {
      return begun && indent > 0 && isSource(line.remaining()) ? new LinePart.Inside(this) : null;
    }
    String text = line.remaining().stripTrailing();
    if (text.endsWith(INLINED)) {
      return begun ? new LinePart.Inside(this) : null;
    }
    StackFrame frame = frame(address, text);
    if (frame == null) {
      return begun ? new LinePart.Inside(BELOW) : null;
    }
    return LinePart.frame(sampled ? frame.asProgramCounter() : frame, BELOW);
  }

  /** Returns the frame of the kernel that a line prints; null for others. */
  private @Nullable StackFrame frame(long address, String text) {
    int object = text.endsWith(")") ? text.lastIndexOf(BEFORE_OBJECT) : -1;
    if (object < 0) {
      // Without an object, only what the processor itself keeps for the kernel is the kernel's.
      return begun && address < 0 && text.indexOf(' ') < 0
          ? named(text, StackFrame.ofAddress(address))
          : null;
    }
    PerfObject place =
        PerfObject.of(text.substring(object + BEFORE_OBJECT.length(), text.length() - 1), address);
    return place == null
        ? null
        : named(
            text.substring(0, object),
            StackFrame.ofSymbol(null, StackFrame.UNKNOWN, StackFrame.UNKNOWN)
                .in(place.module())
                .at(place.address()));
  }

  private static @Nullable StackFrame named(String text, StackFrame place) {
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
      return place.runtimeAddress() == null ? null : place;
    }
    return StackFrame.ofSymbol(name, offset, StackFrame.UNKNOWN)
        .in(place.module())
        .at(place.runtimeAddress());
  }

  /** Returns whether this is the line that {@code -F +srcline} prints below a frame. */
  private static boolean isSource(String text) {
    int colon = text.lastIndexOf(':');
    return colon > 0
        && text.indexOf(' ') < 0
        && text.chars().skip(colon + 1L).allMatch(c -> c >= '0' && c <= '9');
  }
}
