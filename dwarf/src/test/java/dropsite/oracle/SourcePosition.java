package dropsite.oracle;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code file:line:column} that all the symbolizers print, column and discriminator optional.
 */
record SourcePosition(@Nullable String file, int line, int column) {
  private static final Pattern TEXT =
      Pattern.compile("(.*?):(\\d+|\\?)(?::(\\d+))?(?: \\(discriminator \\d+\\))?");

  static SourcePosition parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalStateException("no file:line in an oracle's answer: " + text);
    }
    return new SourcePosition(
        matcher.group(1).equals("??") ? null : matcher.group(1),
        number(matcher.group(2)),
        number(matcher.group(3)));
  }

  private static int number(@Nullable String text) {
    return text == null || text.equals("?") ? 0 : Integer.parseInt(text);
  }

  /** Returns a frame with this position; the function {@code ??} is an unknown one. */
  Chain.Link in(String function) {
    return new Chain.Link(function.equals("??") ? null : function, file, line, column);
  }
}
