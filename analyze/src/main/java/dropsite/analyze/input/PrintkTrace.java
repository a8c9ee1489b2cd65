package dropsite.analyze.input;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stacks as the kernel prints them to its log, with the registers before, between and after the
 * frames.
 *
 * <p>Which frames are program counters is told by the text: the places of RIP, NIP and the like,
 * and a first frame that repeats a line of pc, epc or PSW. Below the entry of an exception it is
 * not: the text does not tell where one was.
 *
 * @param stage what has been printed of the stack
 * @param announced how the text says that a stack comes
 * @param context of the frames that come
 * @param counter what a line of registers says of the first frame; null when none has said so
 */
record PrintkTrace(
    Stage stage, Announced announced, @Nullable String context, @Nullable StackFrame counter)
    implements FrameSyntax {

  /** What has been printed of a stack. */
  enum Stage {
    /** Nothing. */
    START,
    /** Registers. */
    REGISTERS,
    /** That a stack comes. */
    TRACE,
    /** Frames. */
    FRAMES,
    /** The end; registers may be printed once more. */
    ENDED,
    /** That the place of the last branch comes (s390). */
    BRANCH
  }

  /** How a stack is announced. */
  enum Announced {
    /** Not at all: the frames just stand there, and end with the first line that is none. */
    NOT,
    /** As what the processor was doing. */
    PLAINLY,
    /** As an access to memory that faulted, with the place of the access first (mm/kfence). */
    ACCESS,
    /** By what prints hashes in place of addresses (mm/kmemleak.c). */
    HASHED
  }

  /** The state that every stack begins in. */
  static final PrintkTrace START = new PrintkTrace(Stage.START, Announced.NOT, null, null);

  /** Others may print that many lines in between where a log does not tell writers apart. */
  private static final int ALIEN_LINES = 3;

  private static final int LONGEST_LINE_BYTES = 4096;

  private static final long END_OF_STACK = -1L;

  @Override
  public int patience() {
    return announced == Announced.NOT ? 0 : ALIEN_LINES;
  }

  @Override
  public int longestLineBytes() {
    return LONGEST_LINE_BYTES;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    if (line.atEnd()) {
      return stage == Stage.FRAMES ? new LinePart.Last(List.of(), 1) : null;
    }
    Announced announcement = announcement(line);
    if (announcement != null) {
      return announced(line, announcement);
    }
    LinePart frames = frames(line);
    if (frames != null) {
      return frames;
    }
    int begin = line.position();
    RegisterLine registers = RegisterLine.parse(line);
    line.moveTo(begin);
    if (registers != null) {
      return registers(registers, line.rest());
    }
    return stage == Stage.START ? null : detail(line);
  }

  private static @Nullable Announced announcement(LineCursor line) {
    return switch (line.peek()) {
      case 'C' ->
          line.accept("Call Trace:") || line.accept("Call trace:") ? Announced.PLAINLY : null;
      case 'B' -> line.accept("Backtrace:") ? Announced.PLAINLY : null;
      case 'b' ->
          line.accept("backtrace:") || line.accept("backtrace (crc ") ? Announced.HASHED : null;
      case 'U' -> isAccess(line, "Use-after-free ") ? Announced.ACCESS : null;
      case 'O' -> isAccess(line, "Out-of-bounds ") ? Announced.ACCESS : null;
      case 'I' ->
          isAccess(line, "Invalid read at ") || isAccess(line, "Invalid write at ")
              ? Announced.ACCESS
              : null;
      default -> null;
    };
  }

  private static boolean isAccess(LineCursor line, String beginning) {
    int begin = line.position();
    boolean access = line.accept(beginning) && line.endsWith(":");
    if (!access) {
      line.moveTo(begin);
    }
    return access;
  }

  private @Nullable LinePart announced(LineCursor line, Announced how) {
    if (stage.compareTo(Stage.TRACE) > 0) {
      return null;
    }
    PrintkTrace begun = new PrintkTrace(Stage.TRACE, how, null, counter);
    if (how == Announced.PLAINLY) {
      line.skipBlanks();
      LinePart frames = begun.frames(line);
      if (frames != null) {
        return frames;
      }
    }
    return new LinePart.Inside(begun);
  }

  /** Reads a marker, frames, or both. */
  private @Nullable LinePart frames(LineCursor line) {
    int begin = line.position();
    ContextMarker marker = ContextMarker.parse(line);
    PrintkTrace then = marker == null ? this : inContext(marker.context());
    line.skipBlanks();
    if (marker != null && line.atEnd()) {
      return stage.compareTo(Stage.FRAMES) > 0 ? null : new LinePart.Inside(then);
    }
    List<StackFrame> frames = KernelFrameLine.parse(line, stage != Stage.START);
    if (frames.isEmpty()) {
      line.moveTo(begin);
      return null;
    }
    return switch (stage) {
      case ENDED -> null;
      case BRANCH -> {
        line.moveTo(begin);
        yield new LinePart.Places(
            frames.stream().map(StackFrame::asProgramCounter).toList(), Topic.of(line.rest()));
      }
      default -> {
        Long address = frames.getFirst().runtimeAddress();
        yield address != null && address == END_OF_STACK
            ? new LinePart.Last(List.of(), 1)
            : new LinePart.Frames(then.told(frames), then.at(Stage.FRAMES).withCounter(null), true);
      }
    };
  }

  /** Returns frames of a line with what the lines before it tell about them. */
  private List<StackFrame> told(List<StackFrame> frames) {
    boolean first = stage != Stage.FRAMES;
    // Of a callee and its caller, the callee has been printed as caller of the line before.
    int begin = first ? 0 : frames.size() - 1;
    List<StackFrame> told = new ArrayList<>();
    for (StackFrame frame : frames.subList(begin, frames.size())) {
      StackFrame known = first && told.isEmpty() ? top(frame) : frame;
      told.add((announced == Announced.HASHED ? withoutHash(known) : known).inContext(context));
    }
    return told;
  }

  private StackFrame top(StackFrame frame) {
    if (announced == Announced.ACCESS) {
      return frame.asProgramCounter();
    }
    if (counter == null || frame.unreliable()) {
      return frame;
    }
    boolean sameAddress =
        frame.runtimeAddress() != null && frame.runtimeAddress().equals(counter.runtimeAddress());
    boolean sameSymbol = frame.symbol() != null && frame.symbol().equals(counter.symbol());
    if (sameSymbol && frame.offsetBytes() == counter.offsetBytes()) {
      return frame.asProgramCounter();
    }
    boolean nameOnly = frame.offsetBytes() == StackFrame.UNKNOWN && frame.source() == null;
    if (nameOnly && (sameAddress || (sameSymbol && frame.runtimeAddress() == null))) {
      return counter.at(frame.runtimeAddress());
    }
    return sameAddress ? frame.asProgramCounter() : frame;
  }

  private static StackFrame withoutHash(StackFrame frame) {
    Long address = frame.runtimeAddress();
    return address != null && frame.symbol() != null && address >>> Integer.SIZE == 0
        ? frame.at(null)
        : frame;
  }

  private @Nullable LinePart registers(RegisterLine registers, String title) {
    List<StackFrame> places = registers.places();
    if (places.isEmpty()) {
      return stage == Stage.START ? null : new LinePart.Inside(null);
    }
    StackFrame first = places.getFirst();
    boolean after = stage == Stage.ENDED || stage == Stage.BRANCH;
    if (after || registers.role() == RegisterLine.Role.PLACE) {
      return new LinePart.Places(places, Topic.of(title));
    }
    PrintkTrace then = new PrintkTrace(Stage.REGISTERS, Announced.PLAINLY, null, null);
    if (registers.role() == RegisterLine.Role.COUNTER) {
      return stage == Stage.FRAMES
          ? null
          : new LinePart.Places(places, 1, Topic.of(title), then.withCounter(merged(first)));
    }
    return switch (stage) {
      case FRAMES, TRACE ->
          new LinePart.Frames(List.of(first.inContext(context)), at(Stage.FRAMES), true);
      case START -> new LinePart.Frames(places, then.withCounter(first), true);
      default -> amended(first);
    };
  }

  /** Returns a counter with what a line before it said of the same. */
  private StackFrame merged(StackFrame next) {
    if (counter == null || stage != Stage.REGISTERS) {
      return next;
    }
    StackFrame named = next.symbol() == null && counter.symbol() != null ? counter : next;
    return named.at(
        next.runtimeAddress() == null ? counter.runtimeAddress() : next.runtimeAddress());
  }

  /** Takes the name of a place of which the line before gave only the address. */
  private @Nullable LinePart amended(StackFrame named) {
    return counter == null || counter.symbol() != null || named.symbol() == null
        ? null
        : new LinePart.Amended(0, named.at(counter.runtimeAddress()), withCounter(null));
  }

  private @Nullable LinePart detail(LineCursor line) {
    if (line.accept("Last Breaking-Event-Address:")) {
      return new LinePart.Inside(at(Stage.BRANCH));
    }
    if (line.accept("---[ end trace")) {
      return new LinePart.Inside(at(Stage.ENDED));
    }
    return OopsDetail.is(line) ? new LinePart.Inside(null) : null;
  }

  private PrintkTrace at(Stage next) {
    return new PrintkTrace(next, announced, context, counter);
  }

  private PrintkTrace inContext(@Nullable String marker) {
    Announced how = announced == Announced.NOT ? Announced.PLAINLY : announced;
    return new PrintkTrace(stage == Stage.START ? Stage.TRACE : stage, how, marker, counter);
  }

  private PrintkTrace withCounter(@Nullable StackFrame known) {
    return new PrintkTrace(stage, announced, context, known);
  }
}
