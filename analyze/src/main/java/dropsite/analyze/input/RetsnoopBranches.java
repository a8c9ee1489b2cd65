package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The branches that a processor took last, as retsnoop prints them: {@code [#21] f+0x13 (f.c:54:18)
 * -> g+0x75 (g.c:20:5)} (src/logic.c: print_lbr_items). Each line names two places: the branch
 * itself and where it went to, both program counters.
 */
final class RetsnoopBranches implements FrameSyntax {

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    if (!line.accept("[#") || line.number() == null || !line.accept("] ")) {
      return null;
    }
    StackFrame from = place(line);
    if (from == null || !line.accept("->")) {
      return null;
    }
    StackFrame to = place(line);
    return to != null && line.atEnd() ? new LinePart.Places(List.of(from, to), Topic.NONE) : null;
  }

  private static @Nullable StackFrame place(LineCursor line) {
    line.skipBlanks();
    Long address = line.hexDigits(16);
    line.skipBlanks();
    StackFrame frame = PrintedPlace.withOffset(line);
    if (frame == null) {
      address = line.number();
      frame = address == null ? null : StackFrame.ofAddress(address);
    }
    if (frame == null) {
      return null;
    }
    line.skipBlanks();
    String source = SourceInParentheses.of(line);
    line.skipBlanks();
    return frame.at(address).withSource(source).asProgramCounter();
  }
}
