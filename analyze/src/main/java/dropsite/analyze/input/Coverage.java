package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a recording says about itself: how much of what happened it holds.
 *
 * @param lost how many events are not in it that should be; null when nobody counted
 * @param notes written by who recorded, one sentence each
 * @param missing what it does not hold, and why, one sentence each
 * @param recordedNanos how long was recorded; 0 for a part that is counted with another, null when
 *     not known
 * @param cut whether its end is missing: what was dropped until then is not in it
 */
public record Coverage(
    @Nullable Long lost,
    List<String> notes,
    List<String> missing,
    @Nullable Long recordedNanos,
    boolean cut) {

  /** The recording says nothing about it. */
  public static final Coverage UNKNOWN = new Coverage(null, List.of(), List.of(), null, false);

  /** Copies the lists. */
  public Coverage {
    notes = List.copyOf(notes);
    missing = List.copyOf(missing);
  }
}
