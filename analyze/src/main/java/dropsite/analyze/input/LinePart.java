package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a line is: a part of a stack ({@link OfStack}), one or more places outside of any ({@link
 * Places}), or what the next stack is about ({@link Headline}).
 */
sealed interface LinePart {

  /** A line that belongs to one stack: the one that is open, or that it begins. */
  sealed interface OfStack extends LinePart {

    /** Returns what reads the lines that go on the stack; null for the same syntax as before. */
    @Nullable FrameSyntax then();

    /** Returns whether the line begins a stack where none is open; else it is nothing there. */
    boolean begins();
  }

  /**
   * Prints frames.
   *
   * @param frames one, mostly
   * @param certain whether these are frames for sure; when false, only a certain line or a {@link
   *     Last} one that comes later in the same stack makes them frames
   */
  record Frames(List<StackFrame> frames, @Nullable FrameSyntax then, boolean certain)
      implements OfStack {
    /** Copies the frames. */
    public Frames {
      frames = List.copyOf(frames);
    }

    @Override
    public boolean begins() {
      return true;
    }
  }

  /**
   * Belongs to the stack without printing a frame: registers, markers, what stands before the first
   * frame, what is told below the last.
   *
   * @param facts that the line tells about the stack
   */
  record Inside(EventFacts facts, @Nullable FrameSyntax then) implements OfStack {

    Inside(@Nullable FrameSyntax then) {
      this(EventFacts.NONE, then);
    }

    @Override
    public boolean begins() {
      return true;
    }
  }

  /**
   * Ends the stack; whatever comes next belongs to another. With frames it may be a stack whole.
   *
   * @param frames that the line prints itself
   * @param count how many events the stack stands for
   */
  record Last(List<StackFrame> frames, long count) implements OfStack {
    /** Copies the frames. */
    public Last {
      frames = List.copyOf(frames);
    }

    @Override
    public @Nullable FrameSyntax then() {
      return null;
    }

    @Override
    public boolean begins() {
      return !frames.isEmpty();
    }
  }

  /**
   * Tells more about a frame printed above it in the same stack.
   *
   * @param index of the frame, in the order of print, from 0
   * @param frame to stand in its place; an address alone only adds to it
   */
  record Amended(int index, StackFrame frame, @Nullable FrameSyntax then) implements OfStack {

    @Override
    public boolean begins() {
      return false;
    }
  }

  /**
   * Begins a stack, whatever is open, and says what it is about.
   *
   * @param kind of what begins: a stack, or a place of which the lines below tell more
   * @param topic its title empty for the line itself
   * @param frames that the line prints itself, in which case it is a stack for sure
   */
  record Opening(StackEvent.Kind kind, Topic topic, List<StackFrame> frames, FrameSyntax then)
      implements OfStack {
    /** Copies the frames. */
    public Opening {
      frames = List.copyOf(frames);
    }

    @Override
    public boolean begins() {
      return true;
    }
  }

  /**
   * Names places outside of any stack; a stack around it goes on.
   *
   * @param frames one for each place, an event of its own each
   * @param count how many events each stands for
   * @param topic what happened there, its title empty for the line itself
   * @param then reads the lines of the stack that the line goes on or announces; null when it has
   *     nothing to do with one
   */
  record Places(List<StackFrame> frames, long count, Topic topic, @Nullable FrameSyntax then)
      implements LinePart {
    /** Copies the places. */
    public Places {
      frames = List.copyOf(frames);
    }

    /** Names places that each stand for one event. */
    Places(List<StackFrame> frames, Topic topic) {
      this(frames, 1, topic, null);
    }
  }

  /**
   * Says what the next stack is about; ends the one before.
   *
   * @param minor whether it goes on the headline before it, and its title counts only where there
   *     is none
   * @param places that the line names, an event of its own each
   */
  record Headline(Topic topic, boolean minor, List<StackFrame> places) implements LinePart {
    /** Copies the places. */
    public Headline {
      places = List.copyOf(places);
    }

    /** Returns what this says together with the headlines before it. */
    Topic after(Topic before) {
      return minor && !before.title().isEmpty()
          ? new Topic(before.title(), topic.facts().or(before.facts()))
          : topic;
    }
  }

  /** Returns a frame of a stack that the same syntax goes on. */
  static LinePart frame(StackFrame frame) {
    return frame(frame, null);
  }

  /** Returns a frame of a stack that another syntax goes on. */
  static LinePart frame(StackFrame frame, @Nullable FrameSyntax then) {
    return new Frames(List.of(frame), then, true);
  }
}
