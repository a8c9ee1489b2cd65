package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * One tool's way of printing a stack frame on a line.
 *
 * <p>Asked of every line of a log, so it must see soon when a line is no frame. How long it takes
 * over those that are hardly matters: {@link KnownLines} remembers them.
 */
interface FrameSyntax {

  /**
   * Returns the frame that a line prints, or null when the line is no frame of this kind. What the
   * line says must decide, nothing else.
   *
   * @param line from its beginning to its end
   */
  @Nullable StackFrame parse(LineCursor line);
}
