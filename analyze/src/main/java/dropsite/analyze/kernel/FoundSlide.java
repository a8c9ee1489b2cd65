package dropsite.analyze.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The slide of a stack, or why it has none.
 *
 * @param slide null when it is not known
 * @param doubt why it is not known, or, of one that was recorded, why it is hardly that of this
 *     stack, a sentence's part; null when nothing speaks against it, and where no address has a
 *     slide to be known by
 */
public record FoundSlide(@Nullable Slide slide, @Nullable String doubt) {
  /** Neither a slide nor anything that should have one. */
  static final FoundSlide NOTHING = new FoundSlide(null, null);

  static FoundSlide of(Slide slide) {
    return new FoundSlide(slide, null);
  }

  static FoundSlide none(String doubt) {
    return new FoundSlide(null, doubt);
  }
}
