package dropsite.analyze.firewall;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule or a policy that may have dropped a packet.
 *
 * @param chain that it is in
 * @param rule null for the chain's policy
 * @param branch of a rule with several; null for a policy
 * @param doubts why it may not have matched, one sentence each; empty when the packet meets all
 *     that it and the rules that lead to its chain ask for
 * @param earlier why an earlier rule may have let the packet pass it, one sentence each
 * @param path of the chains that led to it, each with the rule that did
 */
record Suspect(
    Chain chain,
    @Nullable FirewallRule rule,
    FirewallRule.@Nullable Branch branch,
    List<String> doubts,
    List<String> earlier,
    List<String> path) {

  /** Copies the lists. */
  Suspect {
    doubts = List.copyOf(doubts);
    earlier = List.copyOf(earlier);
    path = List.copyOf(path);
  }

  /** Returns whether the packet meets all that is asked for. */
  boolean sure() {
    return doubts.isEmpty();
  }
}
