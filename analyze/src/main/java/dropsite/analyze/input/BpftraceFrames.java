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
  static final BpftraceFrames BEGIN = new BpftraceFrames(Place.OUTSIDE);

  private static final BpftraceFrames BELOW = new BpftraceFrames(Place.BELOW);
  private static final BpftraceFrames BELOW_NAME = new BpftraceFrames(Place.BELOW_NAME);
  private static final BpftraceFrames BELOW_ENTRY = new BpftraceFrames(Place.BELOW_ENTRY);
  private static final BpftraceFrames PROGRAM = new BpftraceFrames(Place.PROGRAM);

  /** Stands for frames that whoever posted a stack left out. */
  private static final String LEFT_OUT = "...";

  /** What bcc takes for the module of the kernel itself. */
  private static final String KERNEL = "kernel";

  private static final int ADDRESS_DIGITS = 16;

  /**
   * Where a probe of an entry leaves the program counter on kernels whose functions begin with a
   * place to land for indirect branches: behind endbr64 and the first byte of the probe. What is
   * called from there before anything else, a tracer of functions, has frames of its own on top.
   */
  private static final long BEHIND_LANDING = 4 + 1;

  /** Where a probe sits; no frame below another can have it. */
  private static final int LARGEST_ENTRY_OFFSET = 1;

  /** Parts of a key are separated by it: a stack of the kernel's, and one of the program's. */
  private static final String NEXT_PART = ",";

  private final Place place;

  private BpftraceFrames(Place place) {
    this.place = place;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    boolean begun = place != Place.OUTSIDE;
    Long count = begun ? MapEntryEnd.countOf(line) : null;
    if (count != null) {
      return new LinePart.Last(List.of(), count);
    }
    int indent = line.skipBlanks();
    int start = line.position();
    StackFrame frame = frame(line);
    if (frame != null) {
      return part(frame);
    }
    line.moveTo(start);
    return begun ? below(line, indent) : null;
  }

  private @Nullable LinePart part(StackFrame frame) {
    String module = frame.module();
    if (place == Place.PROGRAM || (module != null && module.indexOf('.') >= 0)) {
      // Libraries have dots in their names, modules have none.
      return new LinePart.Inside(PROGRAM);
    }
    boolean entered = frame.offsetBytes() >= 0 && frame.offsetBytes() <= LARGEST_ENTRY_OFFSET;
    if (place == Place.BELOW_NAME && entered) {
      return null;
    }
    boolean last = frame.symbol() != null && KernelEntry.is(frame.symbol());
    boolean probed = place == Place.OUTSIDE && frame.offsetBytes() == BEHIND_LANDING;
    return LinePart.frame(probed ? frame.asProgramCounter() : frame, last ? BELOW_ENTRY : BELOW);
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
    String module = symbol == null ? null : line.module();
    // A word alone is no frame, unless something else says so.
    boolean told =
        offset != null || (address != null && whole && address < 0) || KERNEL.equals(module);
    if (!told || !line.accept(close)) {
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
  private @Nullable LinePart below(LineCursor line, int indent) {
    String text = line.remaining().stripTrailing();
    if (text.equals(LEFT_OUT) || text.contains(BccName.UNKNOWN)) {
      return new LinePart.Inside(this);
    }
    if (place == Place.BELOW_ENTRY && text.equals(NEXT_PART)) {
      return new LinePart.Inside(PROGRAM);
    }
    LinePart end = indent > 0 ? BccStackEnd.part(line) : null;
    if (end == null && place == Place.PROGRAM) {
      return text.isEmpty() || text.indexOf(' ') >= 0 ? null : new LinePart.Inside(PROGRAM);
    }
    String name = end == null ? BccName.of(line) : null;
    return name == null || name.indexOf('_') < 0
        ? end
        : new LinePart.Frames(
            List.of(StackFrame.ofSymbol(name, StackFrame.UNKNOWN, StackFrame.UNKNOWN)),
            BELOW_NAME,
            false);
  }

  /** What the line before is. */
  private enum Place {
    OUTSIDE,
    BELOW,
    BELOW_NAME,
    BELOW_ENTRY,
    PROGRAM
  }
}
