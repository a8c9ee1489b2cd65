package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * Frames of ftrace's stack traces: {@code => nf_hook_slow+0x45/0xf0 <ffffffff85cd2fa5>}, with the
 * module in brackets, and each part after the name only where trace options ask for it.
 */
final class FtraceFrames implements FrameSyntax {

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    if (!line.accept("=> ")) {
      return null;
    }
    String symbol = line.symbol();
    Long offset = null;
    Long size = null;
    if (symbol != null && line.accept("+")) {
      offset = line.offset();
      if (offset == null) {
        return null;
      }
      if (line.accept("/")) {
        size = line.offset();
      }
    }
    String module = symbol == null ? null : line.module();
    line.skipBlanks();
    Long address = null;
    if (line.accept("<")) {
      address = line.hexDigits(8);
      if (address == null || !line.accept(">")) {
        return null;
      }
    } else if (symbol == null) {
      line.accept("0x");
      address = line.hexDigits(8);
    }
    line.skipBlanks();
    if (!line.atEnd() || (symbol == null && address == null)) {
      return null;
    }
    return LinePart.frame(
        StackFrame.ofSymbol(
                symbol,
                offset == null ? StackFrame.UNKNOWN : offset,
                size == null ? StackFrame.UNKNOWN : size)
            .in(module)
            .at(address));
  }
}
