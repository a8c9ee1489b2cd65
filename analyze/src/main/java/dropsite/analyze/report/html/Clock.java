package dropsite.analyze.report.html;

import dropsite.analyze.report.Totals;
import dropsite.analyze.report.Wording;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times of day as a page says them, which says the day only once. */
final class Clock {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final long DAY_NANOS = 86_400_000_000_000L;

  private final boolean wallClock;
  private final boolean oneDay;

  Clock(Totals totals) {
    Long first = totals.firstNanos();
    Long last = totals.lastNanos();
    wallClock = totals.wallClock();
    oneDay =
        first != null
            && last != null
            && Math.floorDiv(first, DAY_NANOS) == Math.floorDiv(last, DAY_NANOS);
  }

  /** Returns a time of day, with the day where there are several; empty for none. */
  String time(@Nullable Long nanos) {
    if (nanos == null) {
      return "";
    }
    return wallClock && oneDay
        ? TIME.format(Instant.ofEpochSecond(0, nanos))
        : Wording.time(nanos, wallClock);
  }
}
