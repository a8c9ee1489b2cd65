package dropsite.capture.tracefs;

import java.util.concurrent.TimeUnit;

/** Lets through so many events a second on average, and as many at once after a quiet second. */
final class EventRate {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long intervalNanos;
  private long nextNanos = Long.MIN_VALUE;

  /**
   * @param eventsPerSecond 0 for as many as there are
   */
  EventRate(int eventsPerSecond) {
    this.intervalNanos = eventsPerSecond == 0 ? 0 : Math.max(1, SECOND / eventsPerSecond);
  }

  /** Returns whether one more may pass at that time. */
  boolean passes(long nanos) {
    nextNanos = Math.max(nextNanos, nanos - SECOND);
    if (intervalNanos != 0 && nextNanos >= nanos) {
      return false;
    }
    nextNanos += intervalNanos;
    return true;
  }
}
