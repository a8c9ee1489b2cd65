package dropsite.capture.file;

/**
 * What a recording came to, told at its end.
 *
 * @param events in this file
 * @param bytes of this file before this record, not compressed
 * @param cpuNanos that recording took of the box's processors, user and system, in nanoseconds; of
 *     the whole recording so far
 * @param durationNanos from the start of the recording to the end of this file
 * @param continued whether the recording goes on in another file
 */
public record Totals(
    long events, long bytes, long cpuNanos, long durationNanos, boolean continued) {}
