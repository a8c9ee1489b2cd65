package dropsite.command;

/** The exit codes of every command. */
public final class ExitCode {
  /** Everything asked for was done. */
  public static final int OK = 0;

  /** It could not be done, or only in part. */
  public static final int FAILED = 1;

  /** The command line made no sense. */
  public static final int USAGE = 2;

  private ExitCode() {}
}
