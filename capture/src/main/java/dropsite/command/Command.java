package dropsite.command;

import java.io.IOException;

/** One command of the program. */
public interface Command {
  /** Returns what it takes; the values are there once a command line was read. */
  Syntax syntax();

  /** Returns whether help and version answer to GNU's letters, {@code -H} and {@code -v} too. */
  default boolean gnuLetters() {
    return false;
  }

  /** Does the work; returns the exit code. */
  int run() throws IOException;
}
