package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * Places as the kernel's own formats print them: {@code name+0x45/0xf0 [module]}, each part behind
 * the name only where the format has it (lib/vsprintf.c: symbol_string).
 */
final class PrintedPlace {
  private PrintedPlace() {}

  /** Returns the place that comes next, skipped; null when there is none. */
  static @Nullable StackFrame next(LineCursor line) {
    int begin = line.position();
    String symbol = line.symbol();
    Long offset = null;
    Long size = null;
    if (symbol != null && line.accept("+")) {
      offset = line.offset();
      if (offset != null && line.accept("/")) {
        size = line.offset();
      }
      symbol = offset == null ? null : symbol;
    }
    if (symbol == null) {
      line.moveTo(begin);
      return null;
    }
    return StackFrame.ofSymbol(
            symbol,
            offset == null ? StackFrame.UNKNOWN : offset,
            size == null ? StackFrame.UNKNOWN : size)
        .in(line.module());
  }
}
