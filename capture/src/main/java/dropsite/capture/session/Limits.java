package dropsite.capture.session;

/**
 * When a recording ends by itself.
 *
 * @param durationNanos after so long; {@link Long#MAX_VALUE} for never
 * @param events after so many; {@link Long#MAX_VALUE} for never
 * @param bytes when so many are written, before compression; {@link Long#MAX_VALUE} for never. The
 *     snapshot counts, and what is written at the end comes on top
 */
public record Limits(long durationNanos, long events, long bytes) {
  /** Until someone stops it. */
  public static final Limits NONE = new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
}
