package dropsite.analyze.stack;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.kernel.FoundSlide;
import dropsite.analyze.kernel.Slide;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stack with every frame resolved as far as the files at hand allow.
 *
 * @param event the stack as recorded
 * @param foundSlide of the kernel, or why it is not known
 * @param frames one for each recorded frame, in order
 * @param repairs what was set right
 */
public record ResolvedStack(
    StackEvent event, FoundSlide foundSlide, List<ResolvedFrame> frames, List<Repair> repairs) {

  /** Copies the lists. */
  public ResolvedStack {
    frames = List.copyOf(frames);
    repairs = List.copyOf(repairs);
  }

  /** Returns the slide of the kernel; null when not known. */
  public @Nullable Slide slide() {
    return foundSlide.slide();
  }

  /** Returns the frames without the probe's machinery. */
  public List<ResolvedFrame> visibleFrames() {
    return frames.stream().filter(frame -> !frame.hidden()).toList();
  }
}
