package dropsite.analyze.classify;

/**
 * A command that a person runs next.
 *
 * @param command to type
 * @param why what it will show
 */
public record NextStep(String command, String why) {}
