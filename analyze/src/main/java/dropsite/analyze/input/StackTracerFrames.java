package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * Frames of the deepest stack that the stack tracer has seen: {@code 0) 2928 224 name+0xbc/0x4ac},
 * behind the number of the frame its depth and size in bytes (kernel/trace/trace_stack.c: t_show).
 */
final class StackTracerFrames implements FrameSyntax {

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    boolean numbers =
        line.skipBlanks() > 0
            && line.number() != null
            && line.accept(")")
            && line.skipBlanks() > 0
            && line.number() != null
            && line.skipBlanks() > 0
            && line.number() != null
            && line.skipBlanks() > 0;
    StackFrame frame = numbers ? PrintedPlace.next(line) : null;
    return frame != null && frame.offsetBytes() >= 0 && line.atEnd() ? LinePart.frame(frame) : null;
  }
}
