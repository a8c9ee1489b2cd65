package dropsite.analyze.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the frames of one stack say, each for itself, of how far the kernel was moved. */
public final class SlideVotes {
  private long[] votes = new long[32];
  private int count;
  private int misfits;

  /**
   * Adds what a frame says.
   *
   * @param slideBytes null when it says nothing
   */
  public void add(@Nullable Long slideBytes) {
    if (slideBytes == null) {
      return;
    }
    if (count == votes.length) {
      votes = Arrays.copyOf(votes, 2 * count);
    }
    votes[count++] = slideBytes;
  }

  /** Adds that a frame does not fit the slide that was recorded. */
  public void addMisfit() {
    misfits++;
  }

  int misfits() {
    return misfits;
  }

  int count() {
    return count;
  }

  /** Returns what more than half of the votes say, or null. */
  @Nullable Slide majority() {
    // Boyer and Moore: whatever has the majority is left when each vote strikes out another one.
    long candidate = 0;
    int lead = 0;
    for (int i = 0; i < count; i++) {
      if (lead == 0) {
        candidate = votes[i];
      }
      lead += votes[i] == candidate ? 1 : -1;
    }
    int pairs = 0;
    for (int i = 0; i < count; i++) {
      pairs += votes[i] == candidate ? 1 : 0;
    }
    return pairs * 2 > count ? Slide.ofPairs(candidate, pairs, count - pairs) : null;
  }
}
