package dropsite.analyze.classify;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The way that a packet was on when it was dropped, as far as a stack shows it.
 *
 * @param direction null when not shown
 * @param family {@code ip}, {@code ip6}, {@code arp}; null when not shown
 * @param protocol {@code TCP} and so on, as packets name it; null when not shown
 */
record Way(@Nullable Direction direction, @Nullable String family, @Nullable String protocol) {

  /** Where a packet was going, as seen from the box. */
  enum Direction {
    /** Arriving, for this box. */
    RECEIVE,
    /** Made by this box, or on its way out. */
    TRANSMIT,
    /** Arriving, for someone else. */
    FORWARD;

    /** Returns the name that rules use. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
