package dropsite.analyze.input;

/**
 * What a text says about a stack, besides its frames.
 *
 * @param title the line, or the part of it that tells; empty when there is none
 * @param facts that the line tells
 */
record Topic(String title, EventFacts facts) {
  /** Nothing is said. */
  static final Topic NONE = new Topic("", EventFacts.NONE);

  /** Says what the stack is about, and nothing else. */
  static Topic of(String title) {
    return new Topic(title, EventFacts.NONE);
  }

  /** Says facts, in a line that is the title as a whole. */
  static Topic of(EventFacts facts) {
    return new Topic("", facts);
  }
}
