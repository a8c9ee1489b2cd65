package dropsite.analyze.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Why the kernel says it dropped a packet.
 *
 * @param number subsystem in its high 16 bits; null when only the name is known
 * @param name without the prefix {@code SKB_DROP_REASON_}; null when no table of the very kernel is
 *     at hand, since numbers move between builds
 * @param source where the name comes from; empty when there is none
 */
public record DropReason(@Nullable Long number, @Nullable String name, String source) {

  /** Returns the name and number, or the number alone. */
  public String inWords() {
    if (name == null) {
      return number + " (number only: no table of this kernel's reasons at hand)";
    }
    return number == null ? name : name + " (" + number + ")";
  }
}
