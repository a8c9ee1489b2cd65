package dropsite.analyze.firewall;

import dropsite.analyze.classify.NextStep;
import dropsite.analyze.classify.ShellWord;
import java.util.List;

/** The commands that show a rule or policy, and those that change it. */
final class Remedy {
  private Remedy() {}

  /** Returns the commands for a suspect: first what shows it, then what takes it out. */
  static List<NextStep> of(Suspect suspect) {
    Chain chain = suspect.chain();
    FirewallRule rule = suspect.rule();
    if (rule == null) {
      return List.of(
          new NextStep(show(chain), "shows the chain and its policy"),
          new NextStep(
              policy(chain),
              "changes the policy: packets that no rule of the chain decides about pass it, until"
                  + " the rules are loaded anew"));
    }
    return List.of(
        new NextStep(show(chain), "shows the chain; this is its rule " + rule.position()),
        new NextStep(
            delete(chain, rule),
            (rule.branches().size() > 2
                    ? "deletes the rule with all verdicts of its map: packets"
                    : "deletes the rule: packets it dropped")
                + " go on to the next rule, until the rules are loaded anew; numbers of later"
                + " rules may change"));
  }

  private static String show(Chain chain) {
    return switch (chain.tool().syntax()) {
      case NFT -> "nft -a list chain " + nft(chain);
      case IPTABLES -> xtables(chain) + "-L " + name(chain) + " -v -n --line-numbers";
      case ARPTABLES -> xtables(chain) + "-L " + name(chain) + " -v -n --line-numbers";
      case EBTABLES -> xtables(chain) + "-L " + name(chain) + " --Lc --Ln";
    };
  }

  private static String delete(Chain chain, FirewallRule rule) {
    return chain.tool().syntax() == Tool.Syntax.NFT
        ? "nft delete rule " + nft(chain) + " handle " + ShellWord.of(String.valueOf(rule.handle()))
        : xtables(chain) + "-D " + name(chain) + " " + rule.position();
  }

  private static String policy(Chain chain) {
    return chain.tool().syntax() == Tool.Syntax.NFT
        ? "nft chain " + nft(chain) + " '{ policy accept; }'"
        : xtables(chain) + "-P " + name(chain) + " ACCEPT";
  }

  private static String xtables(Chain chain) {
    return chain.tool().program() + " -t " + ShellWord.of(chain.table()) + " ";
  }

  private static String name(Chain chain) {
    return ShellWord.of(chain.name());
  }

  private static String nft(Chain chain) {
    return ShellWord.of(chain.family()) + " " + ShellWord.of(chain.table()) + " " + name(chain);
  }
}
