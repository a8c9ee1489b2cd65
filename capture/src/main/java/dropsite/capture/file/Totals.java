package dropsite.capture.file;

/**
 * What a recording came to, told at its end.
 *
 * @param events in this file
 * @param earlierEvents in files before this one, which may have been deleted since
 * @param bytes of this file before this record, not compressed
 * @param cpuNanos that recording took of the box's processors, user and system, in nanoseconds; of
 *     the whole recording so far
 * @param durationNanos from the start of the recording to the end of this file
 * @param continued whether the recording goes on in another file
 */
public record Totals(
    long events,
    long earlierEvents,
    long bytes,
    long cpuNanos,
    long durationNanos,
    boolean continued) {

  /** Returns how many events the recording had when this file ended. */
  public long eventsSoFar() {
    return earlierEvents + events;
  }

  /** Returns what two files of one recording came to together. */
  public Totals and(Totals other) {
    long earlier = Math.min(earlierEvents, other.earlierEvents);
    return new Totals(
        Math.max(eventsSoFar(), other.eventsSoFar()) - earlier,
        earlier,
        bytes + other.bytes,
        Math.max(cpuNanos, other.cpuNanos),
        Math.max(durationNanos, other.durationNanos),
        continued && other.continued);
  }
}
