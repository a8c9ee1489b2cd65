package dropsite.command;

/** Why a command cannot do what it was asked to, as the one line that the user reads. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  public CommandFailure(String line) {
    this(line, ExitCode.FAILED);
  }

  private CommandFailure(String line, int exitCode) {
    super(line, null, false, false);
    this.exitCode = exitCode;
  }

  /** Returns a failure for which the command line is to blame. */
  public static CommandFailure wrongUsage(String line) {
    return new CommandFailure(line, ExitCode.USAGE);
  }

  /** Returns what the program is to end with. */
  int exitCode() {
    return exitCode;
  }
}
