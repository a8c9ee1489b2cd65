package dropsite.capture;

/** A probe cannot be used on this box, as it is; the message is one line that says why. */
public final class SourceUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is missing, and what to do about it
   */
  public SourceUnavailableException(String message) {
    super(message);
  }
}
