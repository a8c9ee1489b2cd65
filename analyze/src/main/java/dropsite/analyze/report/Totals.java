package dropsite.analyze.report;

import org.jspecify.annotations.Nullable;

/**
 * How much there is in a report, before any narrowing of findings.
 *
 * @param events that are told of
 * @param lost how many were not recorded that should have been; null when nobody counted
 * @param benign how many of the events are no loss
 * @param silent how many packets were lost without an event, as counters tell
 * @param firstNanos time of the first event; null when no times were recorded
 * @param lastNanos time of the last; null when no times were recorded
 * @param wallClock whether times are since 1970 UTC; if not, they are of the recording's own clock
 * @param recordedNanos how long was recorded, of all boxes together; null when not known
 */
public record Totals(
    long events,
    @Nullable Long lost,
    long benign,
    long silent,
    @Nullable Long firstNanos,
    @Nullable Long lastNanos,
    boolean wallClock,
    @Nullable Long recordedNanos) {}
