package dropsite.analyze.input;

import java.util.List;
import java.util.Locale;

/**
 * One stack of a recording with what was recorded beside it.
 *
 * @param source the file as the user named it
 * @param line 1-based line of the stack's first frame
 * @param title the line of text that introduces the stack; empty when there is none
 * @param facts what was recorded beside the stack
 * @param frames innermost first, never empty
 * @param count how many events the stack stands for (more than 1 where a map counted them)
 * @param kind whether it is a stack or a single place
 */
public record StackEvent(
    String source,
    long line,
    String title,
    EventFacts facts,
    List<StackFrame> frames,
    long count,
    Kind kind) {

  /** The kernel's own limit is 127 (PERF_MAX_STACK_DEPTH); a longer run is cut or refused. */
  static final int MOST_FRAMES = 1024;

  /** What the frames are. */
  public enum Kind {
    /** The frames of a stack. */
    STACK,
    /** One place in the kernel that a text names outside of any stack. */
    PLACE;

    /** Returns the name used in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the frames. */
  public StackEvent {
    frames = List.copyOf(frames);
    if (frames.isEmpty()) {
      throw new IllegalArgumentException("a stack without frames");
    }
  }

  /** Makes the event of a stack. */
  public StackEvent(
      String source,
      long line,
      String title,
      EventFacts facts,
      List<StackFrame> frames,
      long count) {
    this(source, line, title, facts, frames, count, Kind.STACK);
  }

  /** Returns the same stack with what the text before it says, as far as it does not say itself. */
  StackEvent introducedBy(HeaderLine header) {
    return new StackEvent(
        source, line, header.title(), facts.or(header.facts()), frames, count, kind);
  }

  /** Returns where the stack stands, as {@code file:line}. */
  public String position() {
    return source + ":" + line;
  }
}
