package dropsite.command;

/** Why a command cannot do what it was asked to, as the one line that the user reads. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CommandFailure(String line) {
    super(line, null, false, false);
  }
}
