package dropsite.analyze.report.html;

import dropsite.analyze.report.EventRow;
import org.jspecify.annotations.Nullable;

/**
 * An event in a page.
 *
 * @param of the finding that it belongs to
 * @param slot of time that it was in; -1 when not known
 * @param time of day
 * @param first whether it is the first of its finding
 */
record PacketRow(
    FindingView of, EventRow event, int slot, String time, String namespace, boolean first) {
  private static final int LONGEST_WORD = 200;

  /** Returns the name of the place in links; null for all but the first of a finding. */
  @Nullable String anchor() {
    return first ? "packets-" + of.finding().id() : null;
  }

  /** Returns what the packet is. */
  String packet() {
    return event.packet() == null ? "" : cut(event.packet().inWords());
  }

  /** Returns its device. */
  String device() {
    return event.interfaceName() == null ? "" : cut(event.interfaceName());
  }

  /** Returns the task that was running. */
  String task() {
    String comm = event.comm() == null ? "" : cut(event.comm());
    return event.pid() == null ? comm : comm + " (" + event.pid() + ")";
  }

  private static String cut(String word) {
    return word.length() > LONGEST_WORD ? word.substring(0, LONGEST_WORD) + "…" : word;
  }
}
