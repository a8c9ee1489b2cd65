package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames of bpftrace's {@code kstack}: {@code name+219} (default), {@code ffffffff85cd2fa5 name+69}
 * (perf mode), {@code 0xffffffff9091b941} (raw mode, or no symbols at hand).
 *
 * <p>Offsets are decimal. Perf mode's names may be nonsense for module addresses ({@code
 * cleanup_module+1325480}); the address beside them is right.
 */
final class BpftraceFrames implements FrameSyntax {

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    Long count = MapEntryEnd.countOf(line);
    if (count != null) {
      return new LinePart.Last(List.of(), count);
    }
    line.skipBlanks();
    int start = line.position();
    boolean prefixed = line.accept("0x");
    Long address = line.hexDigits(8);
    if (address == null) {
      line.moveTo(start);
    } else {
      int digits = line.position() - start;
      int blanks = line.skipBlanks();
      if (line.atEnd()) {
        // Bare digits are an address only when as many as one has.
        return prefixed || digits == 16 ? LinePart.frame(StackFrame.ofAddress(address)) : null;
      }
      if (blanks == 0) {
        return null;
      }
    }
    String symbol = line.symbolBefore("+");
    Long offset = symbol == null ? null : line.offset();
    if (offset == null) {
      return null;
    }
    String module = line.module();
    line.skipBlanks();
    return line.atEnd()
        ? LinePart.frame(
            StackFrame.ofSymbol(symbol, offset, StackFrame.UNKNOWN).in(module).at(address))
        : null;
  }
}
