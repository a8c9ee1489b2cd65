package dropsite.cli;

import dropsite.analyze.report.SafeText;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads, prints results, and talks.
 *
 * @param in standard input
 * @param out standard output: results only
 * @param err standard error: messages only
 */
record Streams(InputStream in, Output out, PrintStream err) {

  /** Prints a message after all results so far, so that both keep their order on a terminal. */
  void say(String line) {
    out.flush();
    err.println(SafeText.of(line));
  }
}
