package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames of bpftrace's {@code kstack}: {@code name+219} (default), {@code ffffffff85cd2fa5 name+69}
 * (perf mode), {@code 0xffffffff9091b941} (raw mode, or no symbols at hand); and of bcc's tools:
 * {@code name+0x45 [module]}, {@code b'name+0x45'}, {@code ffffffff85cd2fa5 name}.
 *
 * <p>Offsets of bpftrace are decimal. Perf mode's names may be nonsense for module addresses
 * ({@code cleanup_module+1325480}); the address beside them is right.
 */
final class BpftraceFrames implements FrameSyntax {
  /** Reads the first frame of a stack. */
  static final BpftraceFrames BEGIN = new BpftraceFrames(false, false);

  private static final BpftraceFrames BELOW = new BpftraceFrames(true, false);
  private static final BpftraceFrames BELOW_NAME = new BpftraceFrames(true, true);

  /** Stands for frames that whoever posted a stack left out. */
  private static final String LEFT_OUT = "...";

  /** What bcc takes for the module of the kernel itself. */
  private static final String KERNEL = "kernel";

  private static final int ADDRESS_DIGITS = 16;

  private final boolean begun;
  private final boolean belowName;

  private BpftraceFrames(boolean begun, boolean belowName) {
    this.begun = begun;
    this.belowName = belowName;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    Long count = begun ? MapEntryEnd.countOf(line) : null;
    if (count != null) {
      return new LinePart.Last(List.of(), count);
    }
    int indent = line.skipBlanks();
    int start = line.position();
    StackFrame frame = frame(line);
    if (frame != null) {
      // A function's entry cannot stand below a frame.
      boolean another = belowName && frame.offsetBytes() >= 0 && frame.offsetBytes() <= 1;
      return another ? null : LinePart.frame(frame, BELOW);
    }
    line.moveTo(start);
    return begun ? below(line, indent) : null;
  }

  private static @Nullable StackFrame frame(LineCursor line) {
    String close = BccName.open(line);
    int start = line.position();
    boolean prefixed = line.accept("0x");
    Long address = line.hexDigits(8);
    boolean whole = line.position() - start == ADDRESS_DIGITS;
    int blanks = line.skipBlanks();
    if (address != null && line.atEnd()) {
      // Bare digits are an address only when as many as one has.
      return (prefixed || whole) && KernelAddress.is(address)
          ? StackFrame.ofAddress(address)
          : null;
    }
    if (blanks == 0) {
      address = null;
      line.moveTo(start);
    }
    String symbol = line.symbol();
    Long offset = symbol != null && line.accept("+") ? line.offset() : null;
    if (symbol == null || (offset == null && !(address != null && whole && address < 0))) {
      return null;
    }
    String module = line.module();
    if (!line.accept(close)) {
      return null;
    }
    line.skipBlanks();
    return line.atEnd()
        ? StackFrame.ofSymbol(
                symbol, offset == null ? StackFrame.UNKNOWN : offset, StackFrame.UNKNOWN)
            .in(KERNEL.equals(module) ? null : module)
            .at(address)
        : null;
  }

  /** Returns what a line is that is no frame for sure, below one that is. */
  private static @Nullable LinePart below(LineCursor line, int indent) {
    String text = line.remaining().stripTrailing();
    if (text.equals(LEFT_OUT) || text.contains(BccName.UNKNOWN)) {
      return new LinePart.Inside(BELOW);
    }
    LinePart end = indent > 0 ? BccStackEnd.part(line) : null;
    String name = end == null ? BccName.of(line) : null;
    return name == null || name.indexOf('_') < 0
        ? end
        : new LinePart.Frames(
            List.of(StackFrame.ofSymbol(name, StackFrame.UNKNOWN, StackFrame.UNKNOWN)),
            BELOW_NAME,
            false);
  }
}
