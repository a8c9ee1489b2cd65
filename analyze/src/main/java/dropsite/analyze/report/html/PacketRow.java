package dropsite.analyze.report.html;

import dropsite.analyze.report.EventRow;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event in a page.
 *
 * @param of the finding that it belongs to
 * @param slot of time that it was in; -1 when not known
 * @param time of day
 * @param packet what it is
 * @param device that it was on
 * @param task that was running
 * @param first whether it is the first of its finding
 */
record PacketRow(
    FindingView of,
    EventRow event,
    int slot,
    String time,
    String packet,
    String device,
    String namespace,
    String task,
    boolean first) {
  private static final int LONGEST_WORD = 200;

  /** Returns the name of the place in links; null for all but the first of a finding. */
  @Nullable String anchor() {
    return first ? "packets-" + of.finding().id() : null;
  }

  static PacketRow of(
      EventRow row, FindingView of, Survey survey, Clock clock, boolean first, Room room) {
    Long time = row.timeNanos();
    String comm = row.comm() == null ? "" : room.cut(row.comm(), LONGEST_WORD);
    return new PacketRow(
        of,
        row,
        time == null ? -1 : survey.slot(time),
        clock.time(time),
        row.packet() == null ? "" : room.cut(row.packet().inWords(), LONGEST_WORD),
        row.interfaceName() == null ? "" : room.cut(row.interfaceName(), LONGEST_WORD),
        room.cut(Objects.requireNonNullElse(survey.space(row), ""), LONGEST_WORD),
        row.pid() == null ? comm : comm + " (" + row.pid() + ")",
        first);
  }
}
