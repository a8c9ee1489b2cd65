package dropsite.analyze.input;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Places as the kernel prints them ({@code %pS}, kernel/kallsyms.c: __sprint_symbol), each without
 * context and as a return address.
 */
final class KernelPlace {
  /** Fewer digits are no address of a kernel, whatever its machine. */
  private static final int FEWEST_DIGITS = 8;

  private static final int FEWEST_BUILD_ID_DIGITS = 8;

  private KernelPlace() {}

  /**
   * Returns the {@code name+0x1/0x2 [module buildid]} that comes next, or null. Taints stand behind
   * the module's name, {@code [wl(PO)]}; the build-id only with CONFIG_STACKTRACE_BUILD_ID.
   */
  static @Nullable StackFrame symbol(LineCursor line) {
    int begin = line.position();
    String symbol = line.symbolBefore("+0x");
    if (symbol != null) {
      line.moveTo(line.position() - 2);
      Long offset = line.offset();
      Long size = offset != null && line.accept("/0x") ? sizeBehindPrefix(line) : null;
      if (offset != null && size != null) {
        return inModule(line, StackFrame.ofSymbol(symbol, offset, size));
      }
    }
    line.moveTo(begin);
    return null;
  }

  private static @Nullable Long sizeBehindPrefix(LineCursor line) {
    line.moveTo(line.position() - 2);
    return line.offset();
  }

  /** Returns a frame in the module that comes next, or the frame itself where none does. */
  static StackFrame inModule(LineCursor line, StackFrame frame) {
    int begin = line.position();
    line.skipBlanks();
    String name = line.accept("[") ? line.moduleName() : null;
    if (name != null) {
      if (line.accept("(")) {
        line.skipBehind(")");
      }
      String buildId = line.accept(" ") ? line.hexText(FEWEST_BUILD_ID_DIGITS) : null;
      if (line.accept("]")) {
        return frame
            .in(name)
            .withBuildId(buildId == null ? null : buildId.toLowerCase(Locale.ROOT));
      }
    }
    line.moveTo(begin);
    return frame;
  }

  /** Returns the address in {@code [<ffffffff81234567>]} that comes next, or null. */
  static @Nullable Long bracketed(LineCursor line) {
    return between(line, "[<", ">]");
  }

  /** Returns the address in {@code [c000000010f930b0]} that comes next, or null. */
  static @Nullable Long squared(LineCursor line) {
    return between(line, "[", "]");
  }

  private static @Nullable Long between(LineCursor line, String open, String close) {
    int begin = line.position();
    if (line.accept(open)) {
      Long address = line.hexDigits(FEWEST_DIGITS);
      if (address != null && line.accept(close)) {
        return address;
      }
    }
    line.moveTo(begin);
    return null;
  }

  /**
   * Returns the {@code 0xffffffffc0123456} that comes next, a place without a name, or null. Where
   * something that is not there was called, it is {@code 0x0}.
   */
  static @Nullable StackFrame bare(LineCursor line) {
    int begin = line.position();
    Long address = line.accept("0x") ? line.hexDigits(1) : null;
    if (address == null) {
      line.moveTo(begin);
      return null;
    }
    return StackFrame.ofAddress(address);
  }

  /**
   * Returns the place that comes next with its address before it where one is printed, {@code
   * [<ffffffff81234567>] name+0x1/0x2}, or null.
   */
  static @Nullable StackFrame addressed(LineCursor line) {
    int begin = line.position();
    Long address = bracketed(line);
    line.skipBlanks();
    StackFrame symbol = symbol(line);
    if (symbol != null) {
      return symbol.at(address);
    }
    StackFrame bare = bare(line);
    if (bare == null && address == null) {
      line.moveTo(begin);
      return null;
    }
    return address == null ? bare : StackFrame.ofAddress(address);
  }

  /**
   * Returns the place that comes next as scripts/decode_stacktrace.sh prints it, {@code name
   * (net/ipv4/tcp.c:12 (discriminator 4)) module}, or null. Where inlined functions were printed as
   * well, the last place is the one in the function named.
   */
  static @Nullable StackFrame decoded(LineCursor line) {
    int begin = line.position();
    String symbol = line.symbolBefore(" (");
    if (symbol != null) {
      String source = source(line);
      if (source != null) {
        StackFrame frame = StackFrame.ofSymbol(symbol, StackFrame.UNKNOWN, StackFrame.UNKNOWN);
        return inDecodedModule(line, frame.withSource(source));
      }
    }
    line.moveTo(begin);
    return null;
  }

  /** Reads up to the bracket that closes, and returns the last {@code file:line} before it. */
  private static @Nullable String source(LineCursor line) {
    String source = null;
    while (!line.atEnd() && line.peek() != ')') {
      if (line.accept("(")) {
        if (!line.skipBehind(")")) {
          return null;
        }
      } else {
        String place = line.sourceLine();
        if (place != null) {
          source = place;
        }
      }
      line.skipBlanks();
    }
    return line.accept(")") ? source : null;
  }

  private static StackFrame inDecodedModule(LineCursor line, StackFrame frame) {
    StackFrame bracketed = inModule(line, frame);
    if (bracketed.module() != null) {
      return bracketed;
    }
    int begin = line.position();
    line.skipBlanks();
    String module = line.moduleName();
    line.skipBlanks();
    String buildId = module == null ? null : line.hexText(FEWEST_BUILD_ID_DIGITS);
    if (module != null && line.atEnd()) {
      return frame.in(module).withBuildId(buildId);
    }
    line.moveTo(begin);
    return frame;
  }
}
