package dropsite.analyze.classify;

import dropsite.analyze.rules.RuleData;
import java.util.Locale;

/** How sure a classification is. */
public enum Confidence {
  /** Something else could be the case. */
  LOW,
  /** Probably so. */
  MEDIUM,
  /** The evidence leaves nothing else. */
  HIGH;

  /** Returns the confidence that rule data names; medium when it names none. */
  public static Confidence of(RuleData data) {
    if (!data.present()) {
      return MEDIUM;
    }
    for (Confidence confidence : values()) {
      if (confidence.word().equals(data.text())) {
        return confidence;
      }
    }
    throw data.malformed("expected high, medium or low");
  }

  /** Returns the lower of two. */
  public Confidence atMost(Confidence other) {
    return compareTo(other) < 0 ? this : other;
  }

  /** Returns the name used in JSON and text. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
