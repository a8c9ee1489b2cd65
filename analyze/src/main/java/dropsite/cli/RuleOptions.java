package dropsite.cli;

import dropsite.analyze.classify.RuleBook;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Syntax;
import java.io.IOException;

/** The option that says which rules to go by. */
final class RuleOptions {
  private final Argument folder;

  RuleOptions(Syntax syntax) {
    folder =
        syntax.option(
            Takes.PATH,
            "DIR",
            "folder with rule files (*.yaml) of your own; they add rules, or replace those of the"
                + " same id",
            "--rules");
  }

  /** Reads the rules. */
  RuleBook book() throws IOException {
    return RuleBook.with(folder.path());
  }
}
