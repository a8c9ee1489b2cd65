package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What bcc's tools print below the frames of a stack: whose it was, and how often it came up.
 * Frames of the program itself come before, behind a line {@code --} where that was asked for.
 */
final class BccStackEnd implements FrameSyntax {
  private static final BccStackEnd COUNT = new BccStackEnd(false);
  private static final BccStackEnd PROGRAM = new BccStackEnd(true);

  private static final String DELIMITER = "--";

  /** What wakeuptime and offwaketime put before the names of tasks. */
  private static final List<String> TASKS = List.of("waker: ", "target: ");

  private final boolean program;

  private BccStackEnd(boolean program) {
    this.program = program;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    if (line.skipBlanks() == 0) {
      return null;
    }
    LinePart part = part(line);
    return part == null && program && !line.atEnd() ? new LinePart.Inside(this) : part;
  }

  /**
   * Returns what an indented line below the frames of a stack says, or null.
   *
   * @param line behind its blanks, and there again afterwards
   */
  static @Nullable LinePart part(LineCursor line) {
    int begin = line.position();
    Long count = line.comes("0x") ? null : line.number();
    line.skipBlanks();
    boolean number = count != null && count > 0 && line.atEnd();
    line.moveTo(begin);
    if (number && count != null) {
      return new LinePart.Last(List.of(), count);
    }
    String text = line.remaining().stripTrailing();
    if (text.equals(DELIMITER)) {
      return new LinePart.Inside(PROGRAM);
    }
    boolean task =
        TASKS.stream().anyMatch(text::startsWith)
            || (text.startsWith("- ")
                ? isNumbered(text, '(', ')')
                : isNumbered(text, '[', ']') && text.indexOf('[') > 0);
    return task ? new LinePart.Inside(COUNT) : null;
  }

  /** Returns whether a number between brackets ends a text. */
  private static boolean isNumbered(String text, char open, char close) {
    int begin = text.lastIndexOf(open);
    return begin >= 0
        && text.length() > begin + 2
        && text.charAt(text.length() - 1) == close
        && text.substring(begin + 1, text.length() - 1).chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
