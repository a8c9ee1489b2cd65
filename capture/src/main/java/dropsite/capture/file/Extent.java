package dropsite.capture.file;

/**
 * How many events of a recording a file holds.
 *
 * @param held events that are there
 * @param ofFile events that the file had when it was written, as far as it tells
 * @param ofRecording events that the recording had by then, with those in files before this one
 */
public record Extent(long held, long ofFile, long ofRecording) {

  /** Returns what two files of one recording hold together. */
  public Extent and(Extent other) {
    return new Extent(
        held + other.held, ofFile + other.ofFile, Math.max(ofRecording, other.ofRecording));
  }
}
