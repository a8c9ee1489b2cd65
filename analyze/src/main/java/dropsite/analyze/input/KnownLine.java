package dropsite.analyze.input;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A line that prints one frame and nothing else.
 *
 * @param line as it stands in the text
 * @param hash of the line, {@link RawLines#hash}
 * @param continued syntax of the stack that the line goes on; null when it begins one
 * @param syntax that it is printed in
 * @param part what it prints
 */
record KnownLine(
    RawLine line, long hash, @Nullable FrameSyntax continued, FrameSyntax syntax, LinePart part) {

  boolean is(RawLines at, long otherHash, @Nullable FrameSyntax otherContinued) {
    return hash == otherHash && Objects.equals(continued, otherContinued) && at.is(line);
  }
}
