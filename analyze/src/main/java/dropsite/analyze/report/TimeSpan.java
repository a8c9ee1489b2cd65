package dropsite.analyze.report;

import org.jspecify.annotations.Nullable;

/**
 * A span of time. Ends that are relative count from the first event of a box.
 *
 * @param since the first moment in it; null for none
 * @param until the first moment after it; null for none
 */
public record TimeSpan(@Nullable Moment since, @Nullable Moment until) {

  /** All times. */
  public static final TimeSpan ALL = new TimeSpan(null, null);

  /**
   * A moment.
   *
   * @param nanos since 1970 UTC, or since the first event
   * @param relative whether it counts from there
   */
  public record Moment(long nanos, boolean relative) {

    private @Nullable Long from(@Nullable Long startNanos) {
      if (!relative) {
        return nanos;
      }
      return startNanos == null ? null : Long.valueOf(startNanos + nanos);
    }
  }

  /** Returns the same counted from a first event; null for one that is not known. */
  TimeSpan from(@Nullable Long startNanos) {
    return startNanos == null
        ? this
        : new TimeSpan(absolute(since, startNanos), absolute(until, startNanos));
  }

  private static @Nullable Moment absolute(@Nullable Moment moment, Long startNanos) {
    Long nanos = moment == null ? null : moment.from(startNanos);
    return nanos == null ? null : new Moment(nanos, false);
  }

  /**
   * Returns whether a moment lies in the span; one that is not known lies in none but all time.
   *
   * @param startNanos when the first event was; null when not known
   */
  boolean contains(@Nullable Long nanos, @Nullable Long startNanos) {
    if (since == null && until == null) {
      return true;
    }
    if (nanos == null) {
      return false;
    }
    Long first = since == null ? null : since.from(startNanos);
    Long end = until == null ? null : until.from(startNanos);
    return (first == null || nanos >= first) && (end == null || nanos < end);
  }
}
