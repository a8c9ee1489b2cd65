package dropsite.analyze.stack;

import dropsite.analyze.input.StackFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame of a stack with what its address stands for.
 *
 * @param given the frame as recorded
 * @param linkAddress the frame's address in the file it lies in, not lowered by one; null when not
 *     known
 * @param symbol name of the concrete function's symbol; null when not known
 * @param offsetBytes into the symbol; {@link StackFrame#UNKNOWN} when not known
 * @param sizeBytes of the symbol; {@link StackFrame#UNKNOWN} when not known
 * @param module that the frame lies in; null for the kernel itself
 * @param exact whether the address was looked up as it is, not as a return address
 * @param hidden whether the frame is machinery of the probe, not of what was probed
 * @param layers innermost first; one with just a name when there is no debugging information; empty
 *     when not even a name is known
 * @param others the same for each other function of this name, where the name is all there is
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
    boolean hidden,
    List<Layer> layers,
    List<List<Layer>> others,
    @Nullable String note) {

  /** Copies the lists. */
  public ResolvedFrame {
    layers = List.copyOf(layers);
    others = List.copyOf(others);
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

  /** Frames that differ are given differently, most of them; the whole is long to go through. */
  @Override
  public int hashCode() {
    return given.hashCode();
  }

  /** Returns the same frame, hidden. */
  ResolvedFrame asHidden() {
    return new ResolvedFrame(
        given,
        linkAddress,
        symbol,
        offsetBytes,
        sizeBytes,
        module,
        exact,
        true,
        layers,
        others,
        note);
  }
}
