package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * Stacks of nettrace: {@code Call Stack:}, then lines such as {@code -> ip_rcv+0x16d} or {@code ->
 * [ffffffff81a0c1cd]ip_rcv+0x16d} (src/trace_probe.c).
 */
final class NettraceStack implements FrameSyntax {

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    if (line.accept("Call Stack:")) {
      line.skipBlanks();
      return line.atEnd() ? new LinePart.Inside(null) : null;
    }
    if (!line.accept("-> ")) {
      return null;
    }
    Long address = line.addressBetween("[", "]");
    StackFrame frame = PrintedPlace.withOffset(line);
    line.skipBlanks();
    return frame != null && line.atEnd() ? LinePart.frame(frame.at(address)) : null;
  }
}
