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

  /** Stands behind names of the kernel itself where bcc was asked for modules. */
  private static final String KERNEL = " [kernel]";

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
    Long address = line.address();
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
    StackFrame place = PrintedPlace.inFunction(line);
    if (place == null && address != null) {
      // Of a line cut off there, the address is as good as ever.
      String name = line.symbolBefore("+");
      place = name == null ? null : StackFrame.ofName(name);
    }
    if (place == null || place.sizeBytes() != StackFrame.UNKNOWN) {
      return null;
    }
    // A word alone is no frame, unless something else says so.
    boolean told =
        place.offsetBytes() != StackFrame.UNKNOWN
            || (address != null && whole && address < 0)
            || line.comes(KERNEL);
    StackFrame frame = told ? PrintedPlace.inModule(line, place) : null;
    boolean closed = line.accept(close);
    line.skipBlanks();
    return frame != null && closed && line.atEnd() ? frame.at(address) : null;
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
        : new LinePart.Frames(List.of(StackFrame.ofName(name)), BELOW_NAME, false);
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
