package dropsite.analyze.input;

import java.util.List;

/** A part of a text, in order: every line of it is in exactly one piece. */
public sealed interface TextPiece {

  /**
   * A line that is no frame.
   *
   * @param line as it stands in the text
   */
  record Other(RawLine line) implements TextPiece {}

  /**
   * The lines of one stack.
   *
   * @param event the stack, as far as its own lines tell; its frame i stands on line i
   * @param lines as they stand in the text
   */
  record Stack(StackEvent event, List<RawLine> lines) implements TextPiece {
    /** Copies the lines. */
    public Stack {
      lines = List.copyOf(lines);
    }
  }
}
