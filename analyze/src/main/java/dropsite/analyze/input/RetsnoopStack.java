package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stacks of retsnoop, outermost frame first (src/logic.c: print_stack_items): {@code 73us [-ENOMEM]
 * __x64_sys_bpf+0x1a (kernel/bpf/syscall.c:5067:1)}.
 *
 * <p>Functions that were timed have the time and their result before them, and no offset where the
 * kernel's own stack lacks them. Files and lines are there when retsnoop found debugging
 * information; the functions inlined at a place follow it, each behind a dot.
 */
final class RetsnoopStack implements FrameSyntax {
  private enum Place {
    ANYWHERE,
    BELOW_HEADER,
    AMONG_FRAMES
  }

  private static final RetsnoopStack ANYWHERE = new RetsnoopStack(Place.ANYWHERE);
  private static final RetsnoopStack BELOW_HEADER = new RetsnoopStack(Place.BELOW_HEADER);
  private static final RetsnoopStack AMONG_FRAMES = new RetsnoopStack(Place.AMONG_FRAMES);

  /** A trace of calls, when asked for, stands between the header and the stack. */
  private static final int LONGEST_TRACE_LINES = 200;

  private static final int ADDRESS_DIGITS = 16;

  private final Place place;

  private RetsnoopStack(Place place) {
    this.place = place;
  }

  static FrameSyntax anywhere() {
    return ANYWHERE;
  }

  @Override
  public boolean outermostFirst() {
    return true;
  }

  @Override
  public int patience() {
    return place == Place.BELOW_HEADER ? LONGEST_TRACE_LINES : 0;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    if (line.atEnd()) {
      return place == Place.BELOW_HEADER ? new LinePart.Inside(null) : null;
    }
    int begin = line.position();
    LinePart header = place == Place.ANYWHERE ? header(line) : null;
    if (header != null) {
      return header;
    }
    line.moveTo(begin);
    return frame(line);
  }

  /** Reads {@code 20:19:36.372607 -> 20:19:36.372682 TID/PID 8346/8346 (comm/process):}. */
  private static @Nullable LinePart header(LineCursor line) {
    int begin = line.position();
    if (line.number() == null || !line.accept(":") || !line.skipBehind(" TID/PID ")) {
      return null;
    }
    line.number();
    Long pid = line.accept("/") ? line.number() : null;
    String comm = line.accept(" (") ? line.rest() : null;
    if (pid == null || comm == null || !comm.endsWith("):")) {
      return null;
    }
    // Either name may hold a slash; where there is one only, it is between them.
    int slash = comm.indexOf('/');
    boolean told = slash > 0 && slash == comm.lastIndexOf('/');
    line.moveTo(begin);
    EventFacts task = EventFacts.ofTask(told ? comm.substring(0, slash) : null, pid.intValue());
    return new LinePart.Opening(
        StackEvent.Kind.STACK, new Topic(line.rest(), task), List.of(), BELOW_HEADER);
  }

  private @Nullable LinePart frame(LineCursor line) {
    boolean timed = skipTime(line);
    Long address = address(line);
    if (line.accept(". ")) {
      return place == Place.AMONG_FRAMES ? new LinePart.Inside(null) : null;
    }
    StackFrame frame = PrintedPlace.inFunction(line);
    if (frame == null || (frame.offsetBytes() == StackFrame.UNKNOWN && !timed)) {
      return null;
    }
    int blanks = line.skipBlanks();
    boolean alone = line.atEnd();
    String source = blanks > 1 ? SourceInParentheses.of(line) : null;
    // Behind two blanks stand arguments, where they were asked for.
    boolean known =
        source != null || (timed && (alone || blanks > 1)) || (alone && place != Place.ANYWHERE);
    return known
        ? new LinePart.Frames(List.of(frame.at(address).withSource(source)), AMONG_FRAMES, true)
        : null;
  }

  /**
   * Reads marks, {@code 73us [-ENOMEM]} or {@code ... [...]}, and returns whether they were there.
   */
  private static boolean skipTime(LineCursor line) {
    int begin = line.position();
    line.accept("!");
    // A vertical wavy line (in UTF-8), or a star in older versions.
    if (!line.accept("*")) {
      line.accept("\u00e2\u008c\u0087");
    }
    line.skipBlanks();
    boolean time = line.number() != null ? line.accept("us [") : line.accept("... [");
    if (time && line.skipBehind("]")) {
      line.skipBlanks();
      return true;
    }
    line.moveTo(begin);
    return false;
  }

  /**
   * Reads the address that stands before a name on request, after a tilde where it was left out.
   */
  private static @Nullable Long address(LineCursor line) {
    int begin = line.position();
    line.accept("~");
    Long address = line.hexDigits(ADDRESS_DIGITS);
    if (address == null || line.skipBlanks() == 0) {
      line.moveTo(begin);
      return null;
    }
    return address;
  }
}
