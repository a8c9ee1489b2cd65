package dropsite.analyze.input;

import dropsite.capture.file.Extent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a recording says about itself: how much of what happened it holds.
 *
 * @param lost how many events are not in it that should be; null when nobody counted
 * @param filtered how many events its filters left out; null when nobody counted
 * @param extents how much of each recording is in the file, by the recording's number
 * @param notes written by who recorded, one sentence each
 * @param missing what it does not hold, and why, one sentence each
 * @param recordedNanos how long was recorded; 0 for a part that is counted with another, null when
 *     not known
 * @param cut whether its end is missing: what was dropped until then is not in it
 */
public record Coverage(
    @Nullable Long lost,
    @Nullable Long filtered,
    Map<Long, Extent> extents,
    List<String> notes,
    List<String> missing,
    @Nullable Long recordedNanos,
    boolean cut) {

  /** The recording says nothing about it. */
  public static final Coverage UNKNOWN =
      new Coverage(null, 0L, Map.of(), List.of(), List.of(), null, false);

  /** Copies the lists. */
  public Coverage {
    extents = Map.copyOf(extents);
    notes = List.copyOf(notes);
    missing = List.copyOf(missing);
  }
}
