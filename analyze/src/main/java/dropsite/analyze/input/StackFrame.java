package dropsite.analyze.input;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A frame as its recording gives it.
 *
 * @param runtimeAddress where the processor was or will return to; null when only a name was
 *     printed
 * @param symbol the name printed; null when only an address was
 * @param offsetBytes into the symbol; {@link #UNKNOWN} when not printed
 * @param sizeBytes of the symbol; {@link #UNKNOWN} when not printed
 * @param module the module printed; null for the kernel itself and where nothing was printed
 * @param exact whether the address is a program counter rather than a return address
 * @param unreliable whether the unwinder marked the frame with a question mark
 */
public record StackFrame(
    @Nullable Long runtimeAddress,
    @Nullable String symbol,
    long offsetBytes,
    long sizeBytes,
    @Nullable String module,
    boolean exact,
    boolean unreliable) {

  /** An offset or size that the recording does not give. */
  public static final long UNKNOWN = -1;

  /** Returns a frame known by its address alone, a return address. */
  public static StackFrame ofAddress(long runtimeAddress) {
    return new StackFrame(runtimeAddress, null, UNKNOWN, UNKNOWN, null, false, false);
  }

  /** Frames are told apart by the first of these; the others are not worth going through. */
  @Override
  public int hashCode() {
    return runtimeAddress != null
        ? runtimeAddress.hashCode()
        : Objects.hashCode(symbol) + Long.hashCode(offsetBytes);
  }

  /** Returns whether control bytes stood in the name, so that it is not to be trusted. */
  public boolean damaged() {
    return symbol != null && symbol.chars().anyMatch(c -> c < ' ' || c == 0x7f);
  }

  /** Returns whether the offset printed is too large to be one. */
  public boolean offsetTooLarge() {
    return offsetBytes == LineCursor.TOO_LARGE;
  }

  /** Returns the same frame as a program counter. */
  StackFrame asProgramCounter() {
    return new StackFrame(runtimeAddress, symbol, offsetBytes, sizeBytes, module, true, unreliable);
  }
}
