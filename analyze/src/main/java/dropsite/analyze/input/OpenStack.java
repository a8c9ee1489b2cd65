package dropsite.analyze.input;

import java.util.ArrayList;
import java.util.List;

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

  /**
   * @param lineNumber 1-based line that it begins on, at the latest with its first frame
   * @param syntax that it is printed in
   * @param headline what the lines before it say
   * @param kind whether it is a stack or a place
   */
  OpenStack(long lineNumber, FrameSyntax syntax, LinePart.Headline headline, StackEvent.Kind kind) {
    this.lastLine = lineNumber;
    this.syntax = syntax;
    this.title = headline.title();
    this.facts = headline.facts();
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
   * @return how many frames it added
   */
  int take(LinePart part, long lineNumberNow) {
    lastLine = lineNumberNow;
    alienLines = 0;
    lineNumber = frames.isEmpty() ? lineNumberNow : lineNumber;
    outermostFirst |= syntax.outermostFirst();
    switch (part) {
      case LinePart.Opening opening -> {
        syntax = opening.then();
        return add(opening.frames(), true);
      }
      case LinePart.Frames more -> {
        syntax = more.then() == null ? syntax : more.then();
        return add(more.frames(), more.certain());
      }
      case LinePart.Inside inside -> syntax = inside.then() == null ? syntax : inside.then();
      case LinePart.Amended amended -> {
        if (amended.index() >= 0 && amended.index() < frames.size()) {
          StackFrame more = amended.frame();
          StackFrame printed = frames.get(amended.index());
          frames.set(
              amended.index(), more.symbol() == null ? printed.at(more.runtimeAddress()) : more);
        }
        syntax = amended.then() == null ? syntax : amended.then();
      }
      case LinePart.Last last -> {
        over = true;
        count = last.count();
        return add(last.frames(), true);
      }
      case LinePart.Place place -> {
        syntax = place.then();
        return add(List.of(place.frame()), true);
      }
      case LinePart.Told told -> {
        facts = told.facts().or(facts);
        syntax = told.then() == null ? syntax : told.then();
      }
      case LinePart.Places places -> end();
      case LinePart.Headline headline -> end();
    }
    return 0;
  }

  private int add(List<StackFrame> more, boolean certain) {
    frames.addAll(more);
    certainFrames = certain ? frames.size() : certainFrames;
    return more.size();
  }

  void end() {
    over = true;
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
