package dropsite.analyze.firewall;

/** Whether something holds, as far as the recording shows. */
enum Truth {
  /** It does not. */
  NO,
  /** What it depends on was not recorded. */
  MAYBE,
  /** It does. */
  YES;

  static Truth of(boolean holds) {
    return holds ? YES : NO;
  }

  /** Returns whether both hold. */
  Truth and(Truth other) {
    return compareTo(other) < 0 ? this : other;
  }

  /** Returns whether one of both holds. */
  Truth or(Truth other) {
    return compareTo(other) > 0 ? this : other;
  }

  /** Returns the opposite where asked for. */
  Truth negatedIf(boolean negated) {
    return !negated || this == MAYBE ? this : this == YES ? NO : YES;
  }
}
