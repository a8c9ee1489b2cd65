package dropsite.analyze.attribution;

import java.util.List;

/** Finds in a box's snapshots what explains a drop. */
public interface Attributor {

  /**
   * Returns what explains a drop, the likeliest first; empty when nothing in the snapshots does.
   * Asked once for each different packet of a finding, so what is read from snapshots is to be
   * kept.
   */
  List<Attribution> attribute(DropCase drop);

  /** Returns what it could not look at, and why; one sentence each. To be asked at the end. */
  default List<String> limits() {
    return List.of();
  }
}
