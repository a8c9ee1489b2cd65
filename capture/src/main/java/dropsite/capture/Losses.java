package dropsite.capture;

/**
 * What a probe saw and could not pass on, counted since it was attached.
 *
 * @param seen calls of the tracepoint that the probe's filters let through, lost ones included; -1
 *     when the source cannot count them
 * @param filtered calls that the filters in the kernel left out; -1 when not counted
 * @param ringFull events lost because user space did not read as fast as they came
 * @param rateLimited events left out to protect the box
 * @param recursion calls in which the kernel did not run the probe, because it was running already
 *     on that CPU
 * @param stacksCut events whose stack goes on beyond what was recorded
 * @param stacksMissing events without a stack, where the source should give one
 * @param packetsUnreadable events whose packet bytes could not be read
 */
public record Losses(
    long seen,
    long filtered,
    long ringFull,
    long rateLimited,
    long recursion,
    long stacksCut,
    long stacksMissing,
    long packetsUnreadable) {

  /** Nothing was lost. */
  public static final Losses NONE = new Losses(0, 0, 0, 0, 0, 0, 0, 0);

  /** Returns how many events are not in the recording that should be. */
  public long events() {
    return ringFull + rateLimited + recursion;
  }

  /** Returns the counts of both; what one did not count, neither does the sum. */
  public Losses plus(Losses other) {
    return new Losses(
        seen < 0 || other.seen < 0 ? -1 : seen + other.seen,
        filtered < 0 || other.filtered < 0 ? -1 : filtered + other.filtered,
        ringFull + other.ringFull,
        rateLimited + other.rateLimited,
        recursion + other.recursion,
        stacksCut + other.stacksCut,
        stacksMissing + other.stacksMissing,
        packetsUnreadable + other.packetsUnreadable);
  }

  /**
   * Returns what has been counted since an earlier moment.
   *
   * @param earlier counts of the same probe
   */
  public Losses since(Losses earlier) {
    return new Losses(
        seen < 0 ? -1 : seen - Math.max(earlier.seen, 0),
        filtered < 0 ? -1 : filtered - Math.max(earlier.filtered, 0),
        ringFull - earlier.ringFull,
        rateLimited - earlier.rateLimited,
        recursion - earlier.recursion,
        stacksCut - earlier.stacksCut,
        stacksMissing - earlier.stacksMissing,
        packetsUnreadable - earlier.packetsUnreadable);
  }
}
