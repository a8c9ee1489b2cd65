package dropsite.analyze.input;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Places in functions as they are printed nearly everywhere: {@code name+0x45/0xf0 [module]}, as
 * the kernel itself does ({@code %pS}, kernel/kallsyms.c: __sprint_symbol), or with less of it.
 * Offsets and sizes are hexadecimal behind {@code 0x}, else decimal.
 */
final class PrintedPlace {
  private static final int FEWEST_BUILD_ID_DIGITS = 8;

  /** What bcc takes for the module of the kernel itself. */
  private static final String KERNEL = "kernel";

  private PrintedPlace() {}

  /**
   * Returns the name that comes next with its offset, size and module, each where it is printed;
   * null when there is none.
   */
  static @Nullable StackFrame next(LineCursor line) {
    StackFrame place = inFunction(line);
    return place == null ? null : inModule(line, place);
  }

  /** Returns the name that comes next with its offset and size, where they are printed; or null. */
  static @Nullable StackFrame inFunction(LineCursor line) {
    int begin = line.position();
    String symbol = line.symbol();
    Long offset = null;
    Long size = null;
    if (symbol != null && line.accept("+")) {
      offset = line.offset();
      if (offset == null) {
        line.moveTo(begin);
        return null;
      }
      size = line.accept("/") ? line.offset() : null;
    }
    return symbol == null ? null : StackFrame.ofSymbol(symbol, orUnknown(offset), orUnknown(size));
  }

  /** Returns the name and offset that come next, whatever follows; null where either is missing. */
  static @Nullable StackFrame withOffset(LineCursor line) {
    int begin = line.position();
    String symbol = line.symbolBefore("+");
    Long offset = symbol == null ? null : line.offset();
    if (offset == null) {
      line.moveTo(begin);
      return null;
    }
    return StackFrame.ofSymbol(symbol, offset, StackFrame.UNKNOWN);
  }

  /**
   * Returns the place that comes next as the kernel prints it, offset and size in hexadecimal and
   * the module where it is in one; or null.
   */
  static @Nullable StackFrame byKernel(LineCursor line) {
    int begin = line.position();
    String symbol = line.symbolBefore("+");
    Long offset = symbol == null ? null : hexadecimal(line);
    Long size = offset != null && line.accept("/") ? hexadecimal(line) : null;
    if (offset == null || size == null) {
      line.moveTo(begin);
      return null;
    }
    return inModule(line, StackFrame.ofSymbol(symbol, offset, size));
  }

  private static @Nullable Long hexadecimal(LineCursor line) {
    return line.comes("0x") ? line.offset() : null;
  }

  private static long orUnknown(@Nullable Long printed) {
    return printed == null ? StackFrame.UNKNOWN : printed;
  }

  /**
   * Returns a frame in the module that comes next, {@code [nf_tables]}, or the frame itself where
   * none does. Taints stand behind a module's name, {@code [wl(PO)]}, and behind them its build-id
   * (CONFIG_STACKTRACE_BUILD_ID).
   */
  static StackFrame inModule(LineCursor line, StackFrame frame) {
    int begin = line.position();
    line.skipBlanks();
    String name = line.accept("[") ? line.moduleName() : null;
    if (name != null) {
      if (line.accept("(")) {
        line.skipBehind(")");
      }
      String buildId = line.accept(" ") ? buildId(line) : null;
      if (line.accept("]")) {
        return frame.in(name.equals(KERNEL) ? null : name).withBuildId(buildId);
      }
    }
    line.moveTo(begin);
    return frame;
  }

  /** Returns the build-id that comes next, in lower case, or null. */
  static @Nullable String buildId(LineCursor line) {
    String digits = line.hexText(FEWEST_BUILD_ID_DIGITS);
    return digits == null ? null : digits.toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the frame that a text is, as tools put it into JSON: a place, or an address behind
   * {@code 0x}; null when the text is anything else.
   */
  static @Nullable StackFrame whole(LineCursor text) {
    int begin = text.position();
    StackFrame frame;
    if (text.accept("0x")) {
      Long address = text.address();
      frame = address == null ? null : StackFrame.ofAddress(address);
    } else {
      frame = next(text);
    }
    if (frame == null || !text.atEnd()) {
      text.moveTo(begin);
      return null;
    }
    return frame;
  }
}
