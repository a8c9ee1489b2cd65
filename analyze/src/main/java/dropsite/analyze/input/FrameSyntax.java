package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * One tool's way of printing stacks, line by line. Without state of its own: what a line changes
 * for those after it, it says by naming the syntax that reads them ({@link LinePart}).
 *
 * <p>Asked of every line of a log, so it must see soon when a line is nothing of its kind. Log
 * prefixes are skipped before ({@link PastedLine}, {@link LinePrefix}).
 */
interface FrameSyntax {

  /**
   * Returns what a line is, or null when it is nothing of this kind. What the line says must
   * decide, nothing else.
   *
   * @param line behind its log prefix; blanks may come first
   */
  @Nullable LinePart parse(LineCursor line);

  /** Returns whether the tool prints the outermost frame first. */
  default boolean outermostFirst() {
    return false;
  }

  /** Returns how long a line may be, 1024 at least; longer ones are not asked about. */
  default int longestLineBytes() {
    return 1024;
  }

  /**
   * Returns how many lines of something else, one after another, an open stack of this syntax
   * survives: where others write to the same log at the same time, it should be a few.
   */
  default int patience() {
    return 0;
  }
}
