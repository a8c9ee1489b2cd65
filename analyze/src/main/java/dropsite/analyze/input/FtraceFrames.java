package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * Frames of ftrace's stack traces: {@code => nf_hook_slow+0x45/0xf0 <ffffffff85cd2fa5>}, with the
 * module in brackets, and each part after the name only where trace options ask for it.
 */
final class FtraceFrames implements FrameSyntax {

  @Override
  public @Nullable StackFrame parse(String line) {
    LineCursor cursor = new LineCursor(line);
    cursor.skipBlanks();
    if (!cursor.accept("=> ")) {
      return null;
    }
    String symbol = cursor.symbol();
    Long offset = null;
    Long size = null;
    if (symbol != null && cursor.accept("+")) {
      offset = cursor.offset();
      if (offset == null) {
        return null;
      }
      if (cursor.accept("/")) {
        size = cursor.offset();
      }
    }
    String module = symbol == null ? null : cursor.module();
    cursor.skipBlanks();
    Long address = null;
    if (cursor.accept("<")) {
      address = cursor.hexDigits(8);
      if (address == null || !cursor.accept(">")) {
        return null;
      }
    } else if (symbol == null) {
      cursor.accept("0x");
      address = cursor.hexDigits(8);
    }
    cursor.skipBlanks();
    if (!cursor.atEnd() || (symbol == null && address == null)) {
      return null;
    }
    return new StackFrame(
        address,
        symbol,
        offset == null ? StackFrame.UNKNOWN : offset,
        size == null ? StackFrame.UNKNOWN : size,
        module,
        false,
        false);
  }
}
