package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines that frames of kernel stacks stand on, each machine's way. */
final class KernelFrameLine {
  /** Flags of an unwinder at the end of a line; P: from the registers of an exception. */
  private static final String FLAGS = "PCTFKL";

  private KernelFrameLine() {}

  /**
   * Returns the frames of a line that holds nothing else, or none.
   *
   * @param line its blanks skipped
   * @param within whether it stands in a stack, so that places of any form are frames
   */
  static List<StackFrame> parse(LineCursor line, boolean within) {
    int begin = line.position();
    List<StackFrame> frames = list(line, within);
    line.skipBlanks();
    if (frames.isEmpty() || !line.atEnd()) {
      line.moveTo(begin);
      return List.of();
    }
    return frames;
  }

  private static List<StackFrame> list(LineCursor line, boolean within) {
    return switch (line.peek()) {
      case '(' -> parenthesized(line);
      case '[' -> bracketed(line);
      case 'F' -> {
        List<StackFrame> nameless = nameless(line);
        yield nameless.isEmpty() ? named(line, within) : nameless;
      }
      default -> named(line, within);
    };
  }

  /** Reads {@code ([<00000000001125f4>] name+0x1/0x2)}, which s390 found without knowing. */
  private static List<StackFrame> parenthesized(LineCursor line) {
    line.accept("(");
    StackFrame frame = KernelPlace.addressed(line);
    line.skipBlanks();
    return frame != null && frame.runtimeAddress() != null && line.accept(")")
        ? List.of(frame.asUnreliable())
        : List.of();
  }

  /**
   * Reads {@code name+0x1/0x2}, with a question mark or not, and {@code name from name+0x1/0x2}.
   */
  private static List<StackFrame> named(LineCursor line, boolean within) {
    boolean unreliable = line.accept("? ");
    StackFrame frame = PrintedPlace.byKernel(line);
    if (frame == null) {
      List<StackFrame> called = called(line);
      if (!called.isEmpty()) {
        return called;
      }
      frame = within ? KernelPlace.anyForm(line) : null;
    }
    return frame == null ? List.of() : List.of(flagged(line, frame, unreliable));
  }

  private static StackFrame flagged(LineCursor line, StackFrame frame, boolean unreliable) {
    boolean exact = false;
    boolean stale = unreliable;
    line.skipBlanks();
    if (line.accept("(")) {
      if (line.accept("unreliable")) {
        stale = true;
      }
      for (int flag = line.peek(); flag > 0 && FLAGS.indexOf(flag) >= 0; flag = line.peek()) {
        exact |= flag == 'P';
        line.moveTo(line.position() + 1);
      }
      line.accept(")");
    }
    StackFrame marked = stale ? frame.asUnreliable() : frame;
    return exact ? marked.asProgramCounter() : marked;
  }

  /** Reads lines that begin with an address in brackets. */
  private static List<StackFrame> bracketed(LineCursor line) {
    // The kernel does not tell addresses to users without the right to know them.
    Long address = line.accept("[<0>]") ? null : line.addressBetween("[<", ">]");
    if (address == null && line.peek() == '[') {
      return squared(line);
    }
    line.skipBlanks();
    if (line.peek() == '(') {
      return address == null ? List.of() : callers(line, address);
    }
    boolean unreliable = line.accept("? ");
    StackFrame symbol = PrintedPlace.byKernel(line);
    if (symbol != null) {
      return List.of(flagged(line, symbol.at(address), unreliable));
    }
    StackFrame bare = KernelPlace.bare(line);
    StackFrame nameless = address == null ? bare : StackFrame.ofAddress(address);
    return nameless == null ? List.of() : List.of(flagged(line, nameless, unreliable));
  }

  /**
   * Reads {@code [c000000010f930b0] [c000000008068df8] name+0x1/0x2} (powerpc, the stack pointer
   * first) and {@code [0000000000442c64] name+0x1/0x2} (sparc).
   */
  private static List<StackFrame> squared(LineCursor line) {
    Long first = line.addressBetween("[", "]");
    line.skipBlanks();
    Long second = line.addressBetween("[", "]");
    line.skipBlanks();
    StackFrame symbol = PrintedPlace.byKernel(line);
    if (symbol != null) {
      return List.of(flagged(line, symbol.at(second == null ? first : second), false));
    }
    if (second == null) {
      // Entries of page tables are printed like this, too.
      return List.of();
    }
    line.accept("0x");
    line.hexText(1);
    return List.of(flagged(line, StackFrame.ofAddress(second), false));
  }

  /**
   * Reads the rest of arm's {@code [<c0010010>] (callee) from [<c0010234>] (caller+0x10/0x14)}:
   * both, the callee first.
   */
  private static List<StackFrame> callers(LineCursor line, long address) {
    line.accept("(");
    StackFrame place = KernelPlace.plain(line);
    StackFrame callee = place == null ? name(line) : place;
    if (callee == null || !line.accept(") from ")) {
      return List.of();
    }
    Long from = line.addressBetween("[<", ">]");
    StackFrame caller = from != null && line.accept(" (") ? KernelPlace.plain(line) : null;
    return caller != null && line.accept(")")
        ? List.of(callee.at(address), caller.at(from))
        : List.of();
  }

  /** Reads {@code callee from caller+0x10/0x14}, arm's form since 5.17. */
  private static List<StackFrame> called(LineCursor line) {
    int begin = line.position();
    StackFrame callee = name(line);
    StackFrame caller = callee != null && line.accept(" from ") ? KernelPlace.plain(line) : null;
    if (callee != null && caller != null) {
      return List.of(callee, caller);
    }
    line.moveTo(begin);
    return List.of();
  }

  /** Reads arm's form without names, {@code Function entered at [<c0010010>] from [<c0010234>]}. */
  private static List<StackFrame> nameless(LineCursor line) {
    int begin = line.position();
    if (line.accept("Function entered at ")) {
      Long callee = line.addressBetween("[<", ">]");
      Long caller =
          callee != null && line.accept(" from ") ? line.addressBetween("[<", ">]") : null;
      if (callee != null && caller != null) {
        return List.of(StackFrame.ofAddress(callee), StackFrame.ofAddress(caller));
      }
    }
    line.moveTo(begin);
    return List.of();
  }

  private static @Nullable StackFrame name(LineCursor line) {
    String name = line.symbol();
    return name == null ? null : PrintedPlace.inModule(line, StackFrame.ofName(name));
  }
}
