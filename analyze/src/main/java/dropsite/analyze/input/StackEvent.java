package dropsite.analyze.input;

import java.util.List;

/**
 * One stack of a recording with what was recorded beside it.
 *
 * @param source the file as the user named it
 * @param line 1-based line of the stack's first frame
 * @param title the line of text that introduces the stack; empty when there is none
 * @param facts what was recorded beside the stack
 * @param frames innermost first, never empty
 * @param count how many events the stack stands for (more than 1 where a map counted them)
 */
public record StackEvent(
    String source, long line, String title, EventFacts facts, List<StackFrame> frames, long count) {

  /** Copies the frames. */
  public StackEvent {
    frames = List.copyOf(frames);
    if (frames.isEmpty()) {
      throw new IllegalArgumentException("a stack without frames");
    }
  }

  /** Returns the same stack with what the text before it says. */
  StackEvent introducedBy(HeaderLine header) {
    return new StackEvent(source, line, header.title(), header.facts(), frames, count);
  }

  /** Returns where the stack stands, as {@code file:line}. */
  public String position() {
    return source + ":" + line;
  }
}
