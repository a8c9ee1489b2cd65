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
 * @param buildId of the module, lower-case hex, where it was printed; null where not
 * @param context word of the marker that the frame stands under, as printed without brackets
 *     ({@code IRQ}, {@code TASK}, {@code NMI}); null where no marker was printed
 * @param source file and line that the text itself gives, {@code net/ipv4/ip_output.c:115}; null
 *     where it gives none
 * @param exact whether the address is a program counter rather than a return address
 * @param unreliable whether the unwinder marked the frame with a question mark
 */
public record StackFrame(
    @Nullable Long runtimeAddress,
    @Nullable String symbol,
    long offsetBytes,
    long sizeBytes,
    @Nullable String module,
    @Nullable String buildId,
    @Nullable String context,
    @Nullable String source,
    boolean exact,
    boolean unreliable) {

  /** An offset or size that the recording does not give. */
  public static final long UNKNOWN = -1;

  /** Returns a frame known by its address alone, a return address. */
  public static StackFrame ofAddress(long runtimeAddress) {
    return ofSymbol(null, UNKNOWN, UNKNOWN).at(runtimeAddress);
  }

  /**
   * Returns a frame known by a place in a function of the kernel itself, a return address.
   *
   * @param offsetBytes into the symbol, or {@link #UNKNOWN}
   * @param sizeBytes of the symbol, or {@link #UNKNOWN}
   */
  public static StackFrame ofSymbol(@Nullable String symbol, long offsetBytes, long sizeBytes) {
    return new StackFrame(
        null, symbol, offsetBytes, sizeBytes, null, null, null, null, false, false);
  }

  /** Returns a frame known by a function's name alone, a return address. */
  public static StackFrame ofName(String symbol) {
    return ofSymbol(symbol, UNKNOWN, UNKNOWN);
  }

  /** Returns the same frame with the address printed beside its name; null leaves it without. */
  public StackFrame at(@Nullable Long address) {
    return with(address, module, buildId, context, source, exact, unreliable);
  }

  /** Returns the same frame in a module; null for the kernel itself. */
  public StackFrame in(@Nullable String ofModule) {
    return with(runtimeAddress, ofModule, buildId, context, source, exact, unreliable);
  }

  /** Returns the same frame with the build-id of its module, lower-case hex. */
  public StackFrame withBuildId(@Nullable String hex) {
    return with(runtimeAddress, module, hex, context, source, exact, unreliable);
  }

  /** Returns the same frame under a marker, given without its brackets; null for none. */
  public StackFrame inContext(@Nullable String marker) {
    return with(runtimeAddress, module, buildId, marker, source, exact, unreliable);
  }

  /** Returns the same frame with the file and line that the text gives. */
  public StackFrame withSource(@Nullable String fileAndLine) {
    return with(runtimeAddress, module, buildId, context, fileAndLine, exact, unreliable);
  }

  /** Returns the same frame as a program counter. */
  public StackFrame asProgramCounter() {
    return with(runtimeAddress, module, buildId, context, source, true, unreliable);
  }

  /** Returns the same frame, marked with a question mark by the unwinder. */
  public StackFrame asUnreliable() {
    return with(runtimeAddress, module, buildId, context, source, exact, true);
  }

  /** What is known beside the place in a function may change, the place does not. */
  private StackFrame with(
      @Nullable Long address,
      @Nullable String ofModule,
      @Nullable String moduleBuildId,
      @Nullable String marker,
      @Nullable String fileAndLine,
      boolean programCounter,
      boolean doubted) {
    return new StackFrame(
        address,
        symbol,
        offsetBytes,
        sizeBytes,
        ofModule,
        moduleBuildId,
        marker,
        fileAndLine,
        programCounter,
        doubted);
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
}
