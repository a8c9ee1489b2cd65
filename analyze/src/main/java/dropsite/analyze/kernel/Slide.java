package dropsite.analyze.kernel;

import java.util.Locale;

/**
 * How far the kernel was moved from where it was linked (KASLR).
 *
 * @param bytes run-time address minus link-time address
 * @param source how it is known
 * @param agreeing how many frames agree on it: pairs of name and address, or return addresses
 *     behind calls; 0 when it was recorded
 * @param dissenting how many pairs did not, or return addresses where no call returns to
 * @param runnerUp how many return addresses agree on the next best slide, when inferred; else 0
 */
public record Slide(long bytes, Source source, int agreeing, int dissenting, int runnerUp) {

  /** How a slide is known. */
  public enum Source {
    /** Recorded with the events. */
    CAPTURE,
    /** From a file of kallsyms. */
    KALLSYMS,
    /** From names printed beside run-time addresses. */
    SYMBOLS,
    /** From where return addresses find a call before them. */
    INFERRED;

    /** Returns the name used in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns a slide that somebody wrote down. */
  static Slide recorded(long bytes, Source source) {
    return new Slide(bytes, source, 0, 0, 0);
  }

  /** Returns a slide by names beside addresses. */
  static Slide ofPairs(long bytes, int pairs, int dissenting) {
    return new Slide(bytes, Source.SYMBOLS, pairs, dissenting, 0);
  }

  /** Returns how the slide is known. */
  public String inWords() {
    return switch (source) {
      case CAPTURE -> "recorded";
      case KALLSYMS -> "from kallsyms";
      case SYMBOLS -> "from " + agreeing + " names beside addresses";
      case INFERRED -> "inferred from " + agreeing + " return addresses, next best " + runnerUp;
    };
  }

  /**
   * Returns whether this shows that the image is the very kernel of the stack: three names of one
   * stack at their exact places, and none elsewhere, do not happen in another build; nor do eight
   * return addresses behind calls with hardly any elsewhere, of which one in twenty is by chance.
   */
  boolean provesImage() {
    return switch (source) {
      case CAPTURE, KALLSYMS -> false;
      case SYMBOLS -> agreeing >= 3 && dissenting == 0;
      case INFERRED -> agreeing >= 8 && agreeing >= 3 * dissenting;
    };
  }
}
