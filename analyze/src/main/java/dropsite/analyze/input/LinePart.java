package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a line is to the stack that it stands in, or to the next one. Where a syntax is named that
 * reads the lines after it, null stands for the same as before.
 */
sealed interface LinePart {

  /**
   * Prints frames. Begins a stack where none is open.
   *
   * @param frames one, mostly
   * @param then reads the lines that go on the stack
   * @param certain whether these are frames for sure; when false, only a certain line or a {@link
   *     Last} one that comes later in the same stack makes them frames
   */
  record Frames(List<StackFrame> frames, @Nullable FrameSyntax then, boolean certain)
      implements LinePart {
    /** Copies the frames. */
    public Frames {
      frames = List.copyOf(frames);
    }
  }

  /**
   * Belongs to the stack without being a frame: registers, markers, what stands before the first
   * frame. Begins a stack where none is open.
   *
   * @param then reads the lines that go on the stack
   */
  record Inside(@Nullable FrameSyntax then) implements LinePart {}

  /**
   * Ends the stack; whatever comes next belongs to another. Without frames it is nothing where no
   * stack is open; with frames it may be a stack whole.
   *
   * @param frames that the line prints itself
   * @param count how many events the stack stands for
   */
  record Last(List<StackFrame> frames, long count) implements LinePart {
    /** Copies the frames. */
    public Last {
      frames = List.copyOf(frames);
    }
  }

  /**
   * Tells more about a frame printed above it in the same stack.
   *
   * @param index of the frame, in the order of print, from 0
   * @param frame to stand in its place; an address alone only adds to it
   * @param then reads the lines that go on the stack
   */
  record Amended(int index, StackFrame frame, @Nullable FrameSyntax then) implements LinePart {}

  /**
   * Names places outside of any stack; a stack around it goes on.
   *
   * @param frames one for each place, a stack of its own each
   * @param count how many events each stands for
   * @param title of what happened there; empty for the line itself
   * @param facts about it
   * @param then reads the lines of the stack that the line goes on or announces; null when it has
   *     nothing to do with one
   */
  record Places(
      List<StackFrame> frames,
      long count,
      String title,
      EventFacts facts,
      @Nullable FrameSyntax then)
      implements LinePart {
    /** Copies the frames. */
    public Places {
      frames = List.copyOf(frames);
    }

    Places(List<StackFrame> frames, long count, String title, EventFacts facts) {
      this(frames, count, title, facts, null);
    }
  }

  /**
   * Says what the next stack is about; ends the one before.
   *
   * @param title the line, or the part of it that tells
   * @param facts that the line tells
   * @param minor whether it goes on the headline before it, and its title counts only where there
   *     is none
   * @param places that the line names, each a stack of its own
   */
  record Headline(String title, EventFacts facts, boolean minor, List<StackFrame> places)
      implements LinePart {
    /** Copies the places. */
    public Headline {
      places = List.copyOf(places);
    }

    Headline(String title, EventFacts facts) {
      this(title, facts, false, List.of());
    }

    /** Returns what this and the headline before it say. */
    Headline after(Headline before) {
      return minor && !before.title.isEmpty()
          ? new Headline(before.title, facts.or(before.facts))
          : this;
    }
  }

  /**
   * Names one place, of which the lines after it may tell more; ends the stack before.
   *
   * @param facts that the line tells itself, which also is the title
   * @param then reads the lines that tell more
   */
  record Place(StackFrame frame, EventFacts facts, FrameSyntax then) implements LinePart {}

  /**
   * Tells more about the stack that it stands in; nothing where none is open.
   *
   * @param facts that the line tells
   * @param then reads the lines that go on the stack
   */
  record Told(EventFacts facts, @Nullable FrameSyntax then) implements LinePart {}

  /**
   * Says what the stack is about that it begins: the lines after it print its frames, if it has
   * any.
   *
   * @param title the line, or the part of it that tells
   * @param facts that the line tells
   * @param frames that the line prints itself, in which case it is a stack for sure
   * @param then reads the lines that go on the stack
   */
  record Opening(String title, EventFacts facts, List<StackFrame> frames, FrameSyntax then)
      implements LinePart {
    /** Copies the frames. */
    public Opening {
      frames = List.copyOf(frames);
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
