package dropsite.cli;

import dropsite.capture.libc.TerminalSize;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.CommandFailure;
import dropsite.command.Streams;
import dropsite.command.Syntax;

/** How wide text may be, and whether it is coloured: the options, the terminal, the variables. */
final class TerminalLook {
  private static final int USUAL_WIDTH = 96;

  /** More digits are no width of a terminal. */
  private static final String WIDTH = "[1-9][0-9]{0,3}";

  private final Argument colour;

  TerminalLook(Syntax syntax) {
    colour =
        syntax.option(
            Takes.TEXT,
            "WHEN",
            "colours in text: auto (on a terminal, unless NO_COLOR is set or TERM is dumb), always"
                + " or never",
            "--colour",
            "--color");
  }

  /**
   * Returns whether text is to be coloured.
   *
   * @throws CommandFailure when it was asked for in words that cannot be understood
   */
  boolean coloured(Streams streams) {
    return switch (colour.textOr("auto")) {
      case "always" -> true;
      case "never" -> false;
      case "auto" ->
          streams.out().isTerminal()
              && streams.environment().getOrDefault("NO_COLOR", "").isEmpty()
              && !streams.environment().getOrDefault("TERM", "").equals("dumb");
      default ->
          throw CommandFailure.wrongUsage(
              "--colour: expected auto, always or never, found \"" + colour.textOr("") + "\"");
    };
  }

  /** Returns how many columns a line may take: COLUMNS, those of the terminal, or the usual. */
  static int width(Streams streams) {
    String columns = streams.environment().getOrDefault("COLUMNS", "");
    if (columns.matches(WIDTH)) {
      return Integer.parseInt(columns);
    }
    return streams.out().isTerminal() ? TerminalSize.columns().orElse(USUAL_WIDTH) : USUAL_WIDTH;
  }
}
