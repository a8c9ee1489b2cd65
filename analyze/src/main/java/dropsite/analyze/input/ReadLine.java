package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * A line and what it is.
 *
 * @param raw as it stands in the text
 * @param continued the syntax of the stack that it was read as a line of; null when it was read as
 *     one that stands for itself
 * @param syntax that it is printed in
 * @param part what it is
 */
record ReadLine(RawLine raw, @Nullable FrameSyntax continued, FrameSyntax syntax, LinePart part) {

  /** Returns whether it goes on the stack that is open, rather than ends it. */
  boolean goesOn() {
    return continued != null
        && !(part instanceof LinePart.Opening || part instanceof LinePart.Headline);
  }

  /** Returns a topic with the line itself as title where it has none. */
  Topic topic(Topic told) {
    return told.title().isEmpty() ? new Topic(raw.decoded().strip(), told.facts()) : told;
  }
}
