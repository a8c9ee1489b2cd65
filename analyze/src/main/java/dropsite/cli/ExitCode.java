package dropsite.cli;

/** The exit codes of every command. */
final class ExitCode {
  /** Everything asked for was done. */
  static final int OK = 0;

  /** It could not be done, or only in part. */
  static final int FAILED = 1;

  /** The command line made no sense. */
  static final int USAGE = 2;

  private ExitCode() {}
}
