package dropsite.capture.doctor;

/**
 * What was found out about one thing on the box.
 *
 * @param topic what was looked at
 * @param state whether it is as it should be
 * @param found what is there
 * @param advice what to do about it; empty when nothing
 */
public record Check(Topic topic, State state, String found, String advice) {

  /** Whether something is as it should be. */
  public enum State {
    /** It is. */
    OK,
    /** Recording works, with less than there could be. */
    WARNING,
    /** What depends on it does not work. */
    MISSING
  }

  static Check ok(Topic topic, String found) {
    return new Check(topic, State.OK, found, "");
  }

  static Check warning(Topic topic, String found, String advice) {
    return new Check(topic, State.WARNING, found, advice);
  }

  static Check missing(Topic topic, String found, String advice) {
    return new Check(topic, State.MISSING, found, advice);
  }
}
