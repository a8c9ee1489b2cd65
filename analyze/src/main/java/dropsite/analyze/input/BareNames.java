package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stacks of bcc's tools that print names alone, one a line, and below them, indented once more, how
 * often each stack came up (stackcount, profile, offcputime). Any list of words looks like the
 * names: the number makes them a stack.
 *
 * @param indent of the names; 0 before the first of them
 * @param names how many have come, as far as it matters
 * @param composed whether one of them has parts, as most names of functions do
 */
record BareNames(int indent, int names, boolean composed) implements FrameSyntax {
  /** Reads the first name. */
  static final BareNames BEGIN = new BareNames(0, 0, false);

  private static final int FEWEST_NAMES = 2;
  private static final int DEEPEST_INDENT = 16;

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    int blanks = line.skipBlanks();
    if (blanks == 0 || blanks > DEEPEST_INDENT) {
      return null;
    }
    boolean begun = names > 0;
    if (!begun || blanks == indent) {
      String name = BccName.of(line);
      if (name != null && !name.equals(BccName.UNKNOWN)) {
        return new LinePart.Frames(
            List.of(StackFrame.ofName(name)),
            new BareNames(
                blanks, Math.min(names + 1, FEWEST_NAMES), composed || name.indexOf('_') >= 0),
            false);
      }
    }
    boolean enough = names == FEWEST_NAMES && composed;
    LinePart end =
        enough && (blanks == indent || blanks == 2 * indent) ? BccStackEnd.part(line) : null;
    if (end instanceof LinePart.Last && blanks == indent) {
      return null;
    }
    // Names of other languages' functions hold anything but blanks.
    boolean foreign = begun && blanks == indent && line.remaining().strip().indexOf(' ') < 0;
    return end == null && foreign ? new LinePart.Inside(this) : end;
  }
}
