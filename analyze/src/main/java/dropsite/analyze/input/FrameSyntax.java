package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/** One tool's way of printing a stack frame on a line. */
interface FrameSyntax {

  /** Returns the frame that a line prints, or null when the line is no frame of this kind. */
  @Nullable StackFrame parse(String line);
}
