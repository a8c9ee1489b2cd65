package dropsite.analyze.kernel;

import java.util.Locale;

/**
 * How far the kernel was moved from where it was linked (KASLR).
 *
 * @param bytes run-time address minus link-time address
 * @param source how it is known
 * @param pairs how many pairs of name and address agreed on it; 0 when it was recorded
 * @param dissenting how many pairs did not
 */
public record Slide(long bytes, Source source, int pairs, int dissenting) {

  /** How a slide is known. */
  public enum Source {
    /** Recorded with the events. */
    CAPTURE,
    /** From names printed beside run-time addresses. */
    SYMBOLS;

    /** Returns the name used in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Returns whether this shows that the image is the very kernel of the stack: three names of one
   * stack at their exact places, and none elsewhere, do not happen in another build.
   */
  boolean provesImage() {
    return source == Source.SYMBOLS && pairs >= 3 && dissenting == 0;
  }
}
