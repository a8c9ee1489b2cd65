package dropsite.analyze.classify;

/**
 * A command that a person runs next.
 *
 * @param command to type; in a {@link Classification} a template, filled by {@link CommandTemplate}
 * @param why what it will show
 * @param ofNamespace whether it shows something of one network namespace, rather than of the whole
 *     box
 */
public record NextStep(String command, String why, boolean ofNamespace) {

  /** A command that shows something of one network namespace. */
  public NextStep(String command, String why) {
    this(command, why, true);
  }
}
