package dropsite.analyze.firewall;

/** A value in a command that a person pastes into a shell. */
final class ShellWord {
  private ShellWord() {}

  /** Quotes what a shell would not take as it stands. */
  static String of(String value) {
    boolean plain =
        value
            .chars()
            .allMatch(
                c -> (c < 128 && Character.isLetterOrDigit(c)) || "._:-@%+,/".indexOf(c) >= 0);
    return plain && !value.isEmpty() ? value : "'" + value.replace("'", "'\\''") + "'";
  }
}
