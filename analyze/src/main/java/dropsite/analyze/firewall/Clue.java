package dropsite.analyze.firewall;

import org.jspecify.annotations.Nullable;

/**
 * A suspect, and what the two snapshots say of it.
 *
 * @param presence in which snapshots it stands
 * @param first its counter when recording began; null when it had none
 * @param last its counter when recording had ended; null likewise
 * @param gaps whether the snapshots are of several recordings, between which counters moved too
 */
record Clue(
    Suspect suspect,
    Presence presence,
    @Nullable Counter first,
    @Nullable Counter last,
    boolean gaps) {

  /** In which snapshots a rule stands. */
  enum Presence {
    /** In both. */
    BOTH,
    /** In the one after only, though one was taken before. */
    ADDED,
    /** In the one before only, though one was taken after. */
    GONE,
    /** In one of them; the other was not taken, or not as a whole. */
    ALONE
  }

  /** Returns how far the counter moved while recording; null when that is not known. */
  @Nullable Long moved() {
    return gaps ? null : movedSince();
  }

  private @Nullable Long movedSince() {
    Counter from = presence == Presence.ADDED ? new Counter(0, 0) : first;
    if (from == null || last == null || presence == Presence.ALONE) {
      return null;
    }
    long packets = last.packets() - from.packets();
    return packets < 0 ? null : Long.valueOf(packets);
  }

  /**
   * Returns whether its counter shows that it dropped nothing: 0 when recording had ended does, 0
   * when it began does not.
   */
  boolean ruledOut() {
    Long moved = movedSince();
    return moved != null
        ? moved == 0
        : presence == Presence.ALONE && last != null && last.packets() == 0;
  }
}
