package dropsite.analyze.classify;

import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import org.jspecify.annotations.Nullable;

/**
 * One function of a call chain, inlined or not.
 *
 * @param name canonical; null when the frame has no name
 * @param layer null when the frame has no name
 * @param frame that the function is in
 * @param frameIndex of that frame among the visible ones
 */
record Call(@Nullable String name, @Nullable Layer layer, ResolvedFrame frame, int frameIndex) {

  /** Returns whether another function is in the same frame, inlined into this one or around it. */
  boolean sharesFrameWith(Call other) {
    return frameIndex == other.frameIndex;
  }

  /** Returns the name, for evidence. */
  String inWords() {
    if (layer == null || name == null) {
      String module = frame.module();
      return module == null ? "a function without a name" : "a function of module " + module;
    }
    return name;
  }
}
