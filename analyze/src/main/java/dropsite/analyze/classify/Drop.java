package dropsite.analyze.classify;

import dropsite.analyze.kernel.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * What rules see of a drop besides its packet: the same for all events of one stack and reason.
 *
 * @param reason that the kernel gave; null when none was recorded
 * @param way the packet was on, as the stack shows it
 * @param hook whose verdict the stack shows; null when it shows none
 */
record Drop(CallChain chain, @Nullable DropReason reason, Way way, @Nullable HookVerdict hook) {

  /** Returns the reason's name; null when none was recorded, or only a number. */
  @Nullable String reasonName() {
    return reason == null ? null : reason.name();
  }

  /** Returns whether the kernel told more than that it dropped the packet. */
  boolean reasonTells(ReasonBook reasons) {
    String name = reasonName();
    return name != null && !reasons.isSilent(name);
  }
}
