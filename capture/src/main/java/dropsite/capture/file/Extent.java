package dropsite.capture.file;

import org.jspecify.annotations.Nullable;

/**
 * How much of a recording a file holds.
 *
 * @param held events that are there
 * @param ofFile events that the file had when it was written, as far as it tells
 * @param ofRecording events that the recording had by then, with those in files before this one
 * @param goesOn whether the recording goes on in another file
 * @param firstNanos when the first event was that is there, CLOCK_REALTIME in nanoseconds; null
 *     when none is
 */
public record Extent(
    long held, long ofFile, long ofRecording, boolean goesOn, @Nullable Long firstNanos) {

  /** Returns what two files of one recording hold together. */
  public Extent and(Extent other) {
    Long first = firstNanos;
    Long another = other.firstNanos;
    return new Extent(
        held + other.held,
        ofFile + other.ofFile,
        Math.max(ofRecording, other.ofRecording),
        goesOn && other.goesOn,
        first == null || another == null
            ? (first == null ? another : first)
            : Long.valueOf(Math.min(first, another)));
  }
}
