package dropsite.analyze.classify;

import java.util.Locale;

/** Whether a freed packet is a loss that a person looks for. */
public enum Severity {
  /** A packet was lost. */
  DROP,
  /** Nothing was lost. */
  BENIGN,
  /** It cannot be told. */
  UNKNOWN;

  private static final String BENIGN_CLASSES = "benign.";
  private static final String UNKNOWN_CLASSES = "unknown";

  /** Returns the severity that a class id implies. */
  static Severity ofClass(String classId) {
    if (classId.startsWith(BENIGN_CLASSES)) {
      return BENIGN;
    }
    return classId.startsWith(UNKNOWN_CLASSES) ? UNKNOWN : DROP;
  }

  /** Returns the name used in JSON and text. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
