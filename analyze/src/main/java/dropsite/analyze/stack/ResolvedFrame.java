package dropsite.analyze.stack;

import dropsite.analyze.input.StackFrame;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A frame of a stack with what its address stands for.
 *
 * @param given the frame as recorded; for one that was not, just its name
 * @param linkAddress the frame's address in the file it lies in, not lowered by one; null when not
 *     known
 * @param symbol name of the concrete function's symbol; null when not known
 * @param offsetBytes into the symbol; {@link StackFrame#UNKNOWN} when not known
 * @param sizeBytes of the symbol; {@link StackFrame#UNKNOWN} when not known
 * @param module that the frame lies in; null for the kernel itself
 * @param exact whether the address was looked up as it is, not as a return address
 * @param standing what the frame is in its stack
 * @param context what the processor was doing, in the word of the kernel's markers ({@code IRQ});
 *     null when nothing tells
 * @param layers innermost first; one with just a name when there is no debugging information; empty
 *     when not even a name is known
 * @param candidates where the name is all there is, and several functions of this name fit: the
 *     frame for each of them, {@code layers} are those of the first; empty when one fits
 * @param otherBuild whether what is printed does not fit the function in the file, as when the file
 *     is of another build
 * @param note what a reader must know about the frame; null when nothing
 */
public record ResolvedFrame(
    StackFrame given,
    @Nullable Long linkAddress,
    @Nullable String symbol,
    long offsetBytes,
    long sizeBytes,
    @Nullable String module,
    boolean exact,
    Standing standing,
    @Nullable String context,
    List<Layer> layers,
    List<ResolvedFrame> candidates,
    boolean otherBuild,
    @Nullable String note) {

  /** Copies the lists. */
  public ResolvedFrame {
    layers = List.copyOf(layers);
    candidates = List.copyOf(candidates);
  }

  /** Returns a frame that was not recorded. */
  static ResolvedFrame elided(
      String symbol, @Nullable String module, @Nullable String context, List<Layer> layers) {
    return new ResolvedFrame(
        StackFrame.ofName(symbol).in(module),
        null,
        symbol,
        StackFrame.UNKNOWN,
        StackFrame.UNKNOWN,
        module,
        false,
        Standing.ELIDED,
        context,
        layers,
        List.of(),
        false,
        null);
  }

  /** Returns the frame that is one of several, and nothing tells which. */
  static ResolvedFrame oneOf(List<ResolvedFrame> candidates) {
    ResolvedFrame first = candidates.getFirst();
    long chains = candidates.stream().map(ResolvedFrame::layers).distinct().count();
    return new ResolvedFrame(
        first.given,
        null,
        first.symbol,
        first.offsetBytes,
        first.sizeBytes,
        first.module,
        first.exact,
        first.standing,
        first.context,
        first.layers,
        candidates,
        chains == 1 && first.otherBuild,
        chains == 1
            ? first.note
            : chains + " functions have this name; the stack does not tell which it is");
  }

  /** Returns what the frame's functions may be else, each once; empty when they are known. */
  public List<List<Layer>> others() {
    return candidates.stream()
        .map(ResolvedFrame::layers)
        .filter(chain -> !chain.equals(layers))
        .distinct()
        .toList();
  }

  /** Returns whether the frame is machinery of the probe, not of what was probed. */
  public boolean hidden() {
    return standing == Standing.HIDDEN;
  }

  /** Returns whether the frame was not recorded, but found from call sites. */
  public boolean elided() {
    return standing == Standing.ELIDED;
  }

  /** Returns whether the unwinder doubts the frame, and no call site confirms it. */
  public boolean unreliable() {
    return given.unreliable() && standing != Standing.PROMOTED;
  }

  /** Returns whether debugging information was found for the frame. */
  public boolean hasSource() {
    for (Layer layer : layers) {
      if (layer.hasSource()) {
        return true;
      }
    }
    return false;
  }

  /** Returns the function's name without the suffixes that compilers add; null when not known. */
  @Nullable String canonicalName() {
    return layers.isEmpty() ? null : layers.getLast().source().canonicalName();
  }

  /** Returns whether the function's name is known. */
  boolean isNamed() {
    return canonicalName() != null;
  }

  /** Frames that differ are given differently, most of them; the whole is long to go through. */
  @Override
  public int hashCode() {
    return given.hashCode();
  }

  /** Returns the same frame, standing for something else in its stack. */
  ResolvedFrame as(Standing other) {
    return with(other, context, note, candidate -> candidate.as(other));
  }

  /** Returns the same frame in a context. */
  ResolvedFrame inContext(String word) {
    return with(standing, word, note, candidate -> candidate.inContext(word));
  }

  /** Returns the same frame with a further note. */
  ResolvedFrame noted(String further) {
    return with(
        standing,
        context,
        note == null ? further : note + "; " + further,
        candidate -> candidate.noted(further));
  }

  private ResolvedFrame with(
      Standing newStanding,
      @Nullable String newContext,
      @Nullable String newNote,
      UnaryOperator<ResolvedFrame> each) {
    return new ResolvedFrame(
        given,
        linkAddress,
        symbol,
        offsetBytes,
        sizeBytes,
        module,
        exact,
        newStanding,
        newContext,
        layers,
        candidates.stream().map(each).toList(),
        otherBuild,
        newNote);
  }
}
