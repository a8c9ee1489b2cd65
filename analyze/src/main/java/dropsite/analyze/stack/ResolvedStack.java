package dropsite.analyze.stack;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.kernel.FoundSlide;
import dropsite.analyze.kernel.Slide;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stack with every frame resolved as far as the files at hand allow.
 *
 * @param event the stack as recorded
 * @param foundSlide of the kernel, or why it is not known
 * @param frames one for each recorded frame, in order
 * @param elided for each of {@code frames} those that are missing below it, in order
 * @param repairs what was set right
 */
public record ResolvedStack(
    StackEvent event,
    FoundSlide foundSlide,
    List<ResolvedFrame> frames,
    List<List<ResolvedFrame>> elided,
    List<Repair> repairs) {

  /** Copies the lists. */
  public ResolvedStack {
    frames = List.copyOf(frames);
    elided = List.copyOf(elided);
    repairs = List.copyOf(repairs);
  }

  /** Returns the same stack, of another event that recorded it too. */
  public ResolvedStack of(StackEvent other) {
    return new ResolvedStack(other, foundSlide, frames, elided, repairs);
  }

  /** Returns all frames in order, those that were not recorded among them. */
  public List<ResolvedFrame> whole() {
    List<ResolvedFrame> whole = new ArrayList<>(frames.size());
    for (int i = 0; i < frames.size(); i++) {
      whole.add(frames.get(i));
      whole.addAll(elided.get(i));
    }
    return whole;
  }

  /** Returns the frames that are missing above a recorded one, in order. */
  public List<ResolvedFrame> missingAbove(int frame) {
    return frame == 0 ? List.of() : elided.get(frame - 1);
  }

  /** Returns the slide of the kernel; null when not known. */
  public @Nullable Slide slide() {
    return foundSlide.slide();
  }

  /** Returns the frames without the probe's machinery. */
  public List<ResolvedFrame> visibleFrames() {
    return whole().stream().filter(frame -> !frame.hidden()).toList();
  }

  /** Returns the calls that led here: the visible frames that the unwinder did not doubt. */
  public List<ResolvedFrame> calls() {
    return whole().stream().filter(frame -> !frame.hidden() && !frame.unreliable()).toList();
  }
}
