package dropsite.analyze.input;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A stack of which more lines may come. */
final class OpenStack {
  /**
   * An offset this small cannot follow a call instruction: the frame is the probed place itself.
   */
  private static final long LARGEST_ENTRY_OFFSET = 1;

  private final String title;
  private EventFacts facts;
  private final StackEvent.Kind kind;
  private final List<StackFrame> frames = new ArrayList<>();
  private FrameSyntax syntax;
  private boolean outermostFirst;
  private int certainFrames;
  private boolean over;
  private long lineNumber;
  private long lastLine;
  private int alienLines;
  private long count = 1;
  private int number = -1;

  /**
   * @param lineNumber 1-based line that it begins on, at the latest with its first frame
   * @param syntax that it is printed in
   * @param topic what is said about it
   * @param kind whether it is a stack or a place
   */
  OpenStack(long lineNumber, FrameSyntax syntax, Topic topic, StackEvent.Kind kind) {
    this.lastLine = lineNumber;
    this.syntax = syntax;
    this.title = topic.title();
    this.facts = topic.facts();
    this.kind = kind;
  }

  FrameSyntax syntax() {
    return syntax;
  }

  int depth() {
    return frames.size();
  }

  boolean isOver() {
    return over;
  }

  /** Returns the 1-based line of the frame that was printed first. */
  long firstFrameLine() {
    return lineNumber;
  }

  /** Returns whether it is a stack after all. */
  boolean counts() {
    return certainFrames > 0;
  }

  /** Returns whether the frame that was printed n-th is one after all. */
  boolean has(int printed) {
    return printed < certainFrames;
  }

  /** Returns how many lines have come since its last one. */
  long idleLines(long lineNumberNow) {
    return lineNumberNow - lastLine;
  }

  /** Takes note of a line of something else; returns whether more of its own may still come. */
  boolean survivesAlienLine() {
    return ++alienLines <= syntax.patience();
  }

  /**
   * Takes the next line of the stack.
   *
   * @return which frames the line prints or amends, each by how many were printed before it
   */
  List<Integer> take(LinePart.OfStack part, long lineNumberNow) {
    lastLine = lineNumberNow;
    alienLines = 0;
    lineNumber = frames.isEmpty() ? lineNumberNow : lineNumber;
    outermostFirst |= syntax.outermostFirst();
    syntax = part.then() == null ? syntax : part.then();
    return switch (part) {
      case LinePart.Opening opening -> add(opening.frames(), true);
      case LinePart.Frames more -> add(more.frames(), more.certain());
      case LinePart.Inside inside -> {
        facts = inside.facts().or(facts);
        yield List.of();
      }
      case LinePart.Amended amended -> amend(amended.index(), amended.frame());
      case LinePart.Last last -> {
        over = true;
        count = last.count();
        yield add(last.frames(), true);
      }
    };
  }

  private List<Integer> add(List<StackFrame> more, boolean certain) {
    int first = frames.size();
    frames.addAll(more);
    certainFrames = certain ? frames.size() : certainFrames;
    // One frame on a line is what nearly all lines have.
    return more.size() == 1
        ? List.of(first)
        : IntStream.range(first, frames.size()).boxed().toList();
  }

  private List<Integer> amend(int index, StackFrame more) {
    if (index >= frames.size()) {
      return List.of();
    }
    StackFrame printed = frames.get(index);
    frames.set(index, more.symbol() == null ? printed.at(more.runtimeAddress()) : more);
    return List.of(index);
  }

  void end() {
    over = true;
  }

  /** Sets which one it is among the stacks that come out together. */
  void setNumber(int among) {
    number = among;
  }

  /** Returns which one it is, or -1 when it does not come out. */
  int number() {
    return number;
  }

  /** Returns where the frame that was printed n-th stands in the event. */
  int position(int printed) {
    return outermostFirst ? certainFrames - 1 - printed : printed;
  }

  /** Returns the stack, whole. */
  StackEvent event(String source) {
    List<StackFrame> sure = frames.subList(0, certainFrames);
    List<StackFrame> ordered = outermostFirst ? sure.reversed() : sure;
    StackFrame top = ordered.getFirst();
    if (top.offsetBytes() >= 0 && top.offsetBytes() <= LARGEST_ENTRY_OFFSET) {
      ordered.set(0, top.asProgramCounter());
    }
    return new StackEvent(source, lineNumber, title, facts, ordered, count, kind);
  }
}
