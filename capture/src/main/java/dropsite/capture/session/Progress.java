package dropsite.capture.session;

import dropsite.capture.Losses;
import java.util.List;

/** Who is told how a recording goes on; called by the thread that records. */
public interface Progress {
  /**
   * The probe is attached.
   *
   * @param source its name
   * @param notes what the recording lacks, and why; a sentence each
   */
  void recording(String source, List<String> notes);

  /** Recording is over; the box is looked at once more. */
  void ending();

  /** A second has passed. */
  void second(Summary soFar);

  /**
   * How far a recording has come.
   *
   * @param events recorded
   * @param bytes written, before compression
   * @param durationNanos since the probe was attached
   * @param cpuNanos of the box's processors, user and system; 0 when the JVM cannot tell
   * @param losses counted by the probe
   */
  record Summary(long events, long bytes, long durationNanos, long cpuNanos, Losses losses) {}
}
