package dropsite.analyze.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Why the kernel says it dropped a packet.
 *
 * @param number subsystem in its high 16 bits; null when only the name is known
 * @param name without the prefix {@code SKB_DROP_REASON_}; null when no table of the very kernel is
 *     at hand, since numbers move between builds
 * @param subsystem whose reason it is, {@code core}, {@code mac80211_unusable}, {@code
 *     openvswitch}, {@code qdisc}, as the kernel's own enum has it; null when nothing tells
 * @param source where the name comes from; empty when there is none
 */
public record DropReason(
    @Nullable Long number, @Nullable String name, @Nullable String subsystem, String source) {

  /** Says nothing of the subsystem. */
  public DropReason(@Nullable Long number, @Nullable String name, String source) {
    this(number, name, null, source);
  }

  /** Returns the name and number, or the number alone. */
  public String inWords() {
    if (name == null) {
      return number + " (number only: no table of this kernel's reasons at hand)";
    }
    return number == null ? name : name + " (" + number + ")";
  }
}
