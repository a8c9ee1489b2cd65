package dropsite.capture.filter;

/** A filter cannot be had as it was asked for; the message is one line that names the option. */
public final class FilterException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message the option, what is wrong, and what is right
   */
  FilterException(String message) {
    super(message);
  }
}
