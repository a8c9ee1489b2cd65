package dropsite.analyze.firewall;

/** How much work may go into walking packets through rules. */
final class Budget {
  private final long all;
  private long left;

  Budget(long comparisons) {
    all = comparisons;
    left = comparisons;
  }

  /** Returns whether there is some left, and takes it. */
  boolean take(long comparisons) {
    left -= comparisons;
    return left >= 0;
  }

  /** Returns how much was taken. */
  long used() {
    return all - left;
  }

  boolean usedUp() {
    return left <= 0;
  }
}
