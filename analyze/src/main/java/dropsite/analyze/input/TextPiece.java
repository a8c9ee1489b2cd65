package dropsite.analyze.input;

import java.util.List;

/** A part of a text, in order: every line of it is in exactly one piece. */
public sealed interface TextPiece {

  /**
   * A line that belongs to no stack.
   *
   * @param line as it stands in the text
   */
  record Other(RawLine line) implements TextPiece {}

  /**
   * A run of lines with the stacks in it: one stack, mostly; several where they are printed at the
   * same time.
   *
   * @param events the stacks, by their first lines
   * @param lines from the first of the first stack to the last of the last
   */
  record Stacks(List<StackEvent> events, List<Line> lines) implements TextPiece {
    /** Copies the lists. */
    public Stacks {
      events = List.copyOf(events);
      lines = List.copyOf(lines);
    }
  }

  /**
   * A line among stacks.
   *
   * @param raw the line as it stands in the text
   * @param frames that it prints, in the order of print; empty where it prints none
   */
  record Line(RawLine raw, List<FrameAt> frames) {
    /** Copies the frames. */
    public Line {
      frames = List.copyOf(frames);
    }
  }

  /**
   * Which frame of which stack.
   *
   * @param stack index into {@link Stacks#events}
   * @param frame index into its frames
   */
  record FrameAt(int stack, int frame) {}
}
