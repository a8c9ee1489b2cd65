package dropsite.command;

import dropsite.text.SafeText;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a command reads, prints results, and talks.
 *
 * @param in standard input
 * @param out standard output: results only
 * @param err standard error: messages only
 * @param environment variables by name
 * @param afterwards what is to be done when whoever waits for the output has all of it
 */
public record Streams(
    InputStream in,
    Output out,
    PrintStream err,
    Map<String, String> environment,
    List<Runnable> afterwards) {

  /** Streams of a command that sees no environment. */
  public Streams(InputStream in, Output out, PrintStream err) {
    this(in, out, err, Map.of(), new ArrayList<>());
  }

  /**
   * Prints a message after all results so far, so that both keep their order on a terminal; waits
   * for a thread that is printing a batch of them.
   */
  public void say(String line) {
    synchronized (out) {
      out.flush();
      err.println(SafeText.of(line));
    }
  }
}
