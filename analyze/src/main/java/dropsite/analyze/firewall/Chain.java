package dropsite.analyze.firewall;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A chain of rules.
 *
 * @param tool that shows and changes it
 * @param family as the tool names it
 * @param table that it is in
 * @param hook that it hangs on, by its own name; null for a chain that is only jumped to
 * @param priority among the chains of a hook: lower ones are run first
 * @param devices that it hangs on; empty for all
 * @param maybeHangs whether it is not sure that it hangs there
 * @param policy what happens at its end; null for a chain that is left there
 * @param policyCounter null when the policy counts nothing
 */
record Chain(
    Tool tool,
    String family,
    String table,
    String name,
    @Nullable String hook,
    int priority,
    Set<String> devices,
    boolean maybeHangs,
    Verdict.@Nullable Kind policy,
    @Nullable Counter policyCounter,
    List<FirewallRule> rules) {

  /** Returns whether it is run at a hook of a family. */
  boolean hangsOn(String ofFamily, String ofHook) {
    if (!ofHook.equals(hook)) {
      return false;
    }
    boolean device = ofHook.equals("ingress") || ofHook.equals("egress");
    return family.equals(ofFamily)
        || (family.equals("inet")
            && (device
                ? ofFamily.equals("netdev")
                : ofFamily.equals("ip") || ofFamily.equals("ip6")));
  }

  /** Returns what tells it from others, and is the same in a later snapshot. */
  List<String> identity() {
    return List.of(tool.part(), family, table, name);
  }

  /** Returns the same with rules. */
  Chain with(List<FirewallRule> all) {
    return new Chain(
        tool,
        family,
        table,
        name,
        hook,
        priority,
        devices,
        maybeHangs,
        policy,
        policyCounter,
        List.copyOf(all));
  }
}
