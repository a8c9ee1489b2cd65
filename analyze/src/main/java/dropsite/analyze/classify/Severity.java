package dropsite.analyze.classify;

import dropsite.analyze.rules.RuleData;
import java.util.Locale;

/** Whether a freed packet is a loss that a person looks for. */
public enum Severity {
  /** A packet was lost. */
  DROP,
  /** Nothing was lost. */
  BENIGN,
  /** It cannot be told. */
  UNKNOWN;

  /** Returns the severity that rule data names. */
  static Severity of(RuleData data) {
    for (Severity severity : values()) {
      if (severity.word().equals(data.text())) {
        return severity;
      }
    }
    throw data.malformed("expected drop, benign or unknown");
  }

  /** Returns the name used in JSON and text. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
