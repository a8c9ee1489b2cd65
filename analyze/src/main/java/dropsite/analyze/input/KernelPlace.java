package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * Places as the kernel log has them: named, bare, behind their address, or decoded since; each
 * without context and as a return address.
 */
final class KernelPlace {
  private KernelPlace() {}

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

  /** Returns the place that comes next, named or bare, or null. */
  static @Nullable StackFrame plain(LineCursor line) {
    StackFrame named = PrintedPlace.byKernel(line);
    return named != null ? named : bare(line);
  }

  /** Returns the place that comes next, plain or decoded, or null. */
  static @Nullable StackFrame anyForm(LineCursor line) {
    StackFrame plain = plain(line);
    return plain != null ? plain : decoded(line);
  }

  /**
   * Returns the place that comes next with its address before it where one is printed, {@code
   * [<ffffffff81234567>] name+0x1/0x2}, or null.
   */
  static @Nullable StackFrame addressed(LineCursor line) {
    int begin = line.position();
    Long address = line.addressBetween("[<", ">]");
    line.skipBlanks();
    StackFrame symbol = PrintedPlace.byKernel(line);
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
        StackFrame frame = StackFrame.ofName(symbol);
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
    StackFrame bracketed = PrintedPlace.inModule(line, frame);
    if (bracketed.module() != null) {
      return bracketed;
    }
    int begin = line.position();
    line.skipBlanks();
    String module = line.moduleName();
    line.skipBlanks();
    String buildId = module == null ? null : PrintedPlace.buildId(line);
    if (module != null && line.atEnd()) {
      return frame.in(module).withBuildId(buildId);
    }
    line.moveTo(begin);
    return frame;
  }
}
