package dropsite.analyze.firewall;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A rule.
 *
 * @param identity tells it from others of its chain, and is the same in a later snapshot
 * @param position in its chain, from 1
 * @param handle of nftables; null for others
 * @param counter null when it counts nothing
 * @param countsAll whether it also counts packets that do not match it
 * @param conditions all of which a packet has to meet
 * @param branches what then happens; a verdict map has several
 * @param text as the box prints it
 */
record FirewallRule(
    String identity,
    int position,
    @Nullable String handle,
    @Nullable Counter counter,
    boolean countsAll,
    List<Condition> conditions,
    List<Branch> branches,
    Supplier<String> text) {

  /** Copies the lists. */
  FirewallRule {
    conditions = List.copyOf(conditions);
    branches = List.copyOf(branches);
  }

  /**
   * What a rule does with a packet.
   *
   * @param condition that chooses this branch; null when there is only one
   */
  record Branch(@Nullable Condition condition, Verdict verdict) {}
}
