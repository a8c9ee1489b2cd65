package dropsite.analyze.input;

import java.util.List;

/** How stacks stand in texts of the kernel log. */
final class PrintkSyntaxes {

  private PrintkSyntaxes() {}

  /** Returns the syntaxes that stacks begin in, the one to ask first before the others. */
  static List<FrameSyntax> all() {
    return List.of(new PrintkHeadlines(), new PrintkPlaces(), PrintkTrace.START);
  }
}
