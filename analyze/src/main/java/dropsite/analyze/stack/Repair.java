package dropsite.analyze.stack;

/**
 * Something that was set right in a stack.
 *
 * @param kind what was done, in one word
 * @param frame index of the frame in the recorded stack
 * @param evidence why
 */
public record Repair(String kind, int frame, String evidence) {}
