package dropsite.analyze.firewall;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One packet's way through the chains of a hook. Where a condition cannot be told, both ways are
 * gone; so what comes out is every rule that may have dropped the packet.
 */
final class Walk {
  /** Chains within chains; nftables allows 16 (NFT_JUMP_STACK_SIZE). */
  private static final int MOST_DEPTH = 64;

  private static final int MOST_SUSPECTS = 100;
  private static final int MOST_DOUBTS = 5;

  /** The rules of a chain end, or one of them returns. */
  private static final int GOES_ON = 1;

  /** The packet passes the base chain. */
  private static final int PASSES = 2;

  /** The packet is dropped. */
  private static final int DROPPED = 4;

  /** The chain is left for the one that called it. */
  private static final int LEAVES = 8;

  private static final int ANYTHING = GOES_ON | PASSES | DROPPED;

  private final Ruleset rules;
  private final PacketAtHook packet;
  private final PacketAtHook earlier;
  private final Budget budget;
  private final Map<List<Object>, Suspect> suspects = new LinkedHashMap<>();
  private final Deque<String> path = new ArrayDeque<>();

  /** Why the chain that is run may not be run for this packet. */
  private final Set<String> doubts = new LinkedHashSet<>();

  /** Why an earlier rule may have let the packet pass what comes next. */
  private final Set<String> earlierRules = new LinkedHashSet<>();

  private boolean complete = true;

  /**
   * @param packet as it was when it was dropped
   * @param earlier what is sure of it at rules that did not drop it
   */
  Walk(Ruleset rules, PacketAtHook packet, PacketAtHook earlier, Budget budget) {
    this.rules = rules;
    this.packet = packet;
    this.earlier = earlier;
    this.budget = budget;
  }

  /** Returns what may have dropped the packet, in the order it meets them. */
  List<Suspect> through(List<Chain> chains) {
    for (Chain chain : chains) {
      Truth here = hangsHere(chain);
      if (here == Truth.NO) {
        continue;
      }
      String unsure =
          "whether chain " + chain.name() + " is run for this packet is not in the snapshot";
      if (here == Truth.MAYBE) {
        doubts.add(unsure);
      }
      int ends = run(chain, 0);
      if ((ends & GOES_ON) != 0 && chain.policy() == Verdict.Kind.DROP) {
        suspect(chain, null, null, List.of());
        ends = (ends & ~GOES_ON) | DROPPED;
      }
      doubts.remove(unsure);
      boolean passes = (ends & (GOES_ON | PASSES)) != 0 || here == Truth.MAYBE;
      if (!passes) {
        break;
      }
    }
    return List.copyOf(suspects.values());
  }

  /** Returns whether all rules were looked at. */
  boolean complete() {
    return complete;
  }

  private Truth hangsHere(Chain chain) {
    if (chain.maybeHangs()) {
      return Truth.MAYBE;
    }
    if (chain.devices().isEmpty()) {
      return Truth.YES;
    }
    boolean in = "ingress".equals(chain.hook());
    Value device = packet.get(in ? Field.IN : Field.OUT);
    return device == null
        ? Truth.MAYBE
        : Truth.of(device.text() != null && chain.devices().contains(device.text()));
  }

  private int run(Chain chain, int depth) {
    if (depth > MOST_DEPTH) {
      complete = false;
      return ANYTHING;
    }
    int ends = 0;
    for (FirewallRule rule : chain.rules()) {
      if (budget.usedUp()) {
        complete = false;
        return ANYTHING;
      }
      int after = ask(chain, rule, depth);
      ends |= after & (PASSES | DROPPED);
      if ((after & LEAVES) != 0) {
        ends |= GOES_ON;
      }
      if ((after & GOES_ON) == 0) {
        return ends;
      }
    }
    if (depth > 0 && chain.policy() != null) {
      return ends | ofPolicy(chain);
    }
    return ends | GOES_ON;
  }

  /** Chains of the user's have policies in ebtables. */
  private int ofPolicy(Chain chain) {
    if (chain.policy() == Verdict.Kind.DROP) {
      suspect(chain, null, null, List.of());
      return DROPPED;
    }
    return PASSES;
  }

  /** Returns what may come after a rule; {@link #GOES_ON} means the next one. */
  private int ask(Chain chain, FirewallRule rule, int depth) {
    List<String> unknown = List.of();
    if (!budget.take(1)) {
      complete = false;
      return GOES_ON;
    }
    for (Condition condition : rule.conditions()) {
      if (!budget.take(condition.cost())) {
        complete = false;
        return GOES_ON;
      }
      Truth truth = test(condition, rule);
      if (truth == Truth.NO) {
        return GOES_ON;
      }
      if (truth == Truth.MAYBE) {
        unknown = plus(unknown, condition.unknown(packet));
      }
    }
    int after = 0;
    for (FirewallRule.Branch branch : rule.branches()) {
      Condition condition = branch.condition();
      List<String> why = unknown;
      if (condition != null) {
        if (!budget.take(condition.cost())) {
          complete = false;
          return after | GOES_ON;
        }
        Truth truth = test(condition, rule);
        if (truth == Truth.NO) {
          continue;
        }
        if (truth == Truth.MAYBE) {
          why = plus(unknown, condition.unknown(packet));
        }
      }
      int does = obey(chain, rule, branch, why, depth);
      if (why.isEmpty()) {
        return after | does;
      }
      if ((does & ~GOES_ON) != 0) {
        why.forEach(this::doubtThat);
      }
      after |= does | GOES_ON;
    }
    return after | GOES_ON;
  }

  private void doubtThat(String reason) {
    if (earlierRules.size() < MOST_DOUBTS) {
      earlierRules.add("an earlier rule may have let it pass: " + reason);
    }
  }

  private static List<String> plus(List<String> reasons, String one) {
    List<String> all = new ArrayList<>(reasons);
    all.add(one);
    return all;
  }

  private Truth test(Condition condition, FirewallRule rule) {
    if (packet == earlier) {
      return condition.test(packet);
    }
    boolean drops =
        rule.branches().stream().anyMatch(branch -> branch.verdict().kind() == Verdict.Kind.DROP);
    return condition.test(drops ? packet : earlier);
  }

  /** Returns what may come after a rule that is met for all that is known. */
  private int obey(
      Chain chain, FirewallRule rule, FirewallRule.Branch branch, List<String> unknown, int depth) {
    Verdict verdict = branch.verdict();
    return switch (verdict.kind()) {
      case CONTINUE -> GOES_ON;
      case ACCEPT -> PASSES;
      case RETURN -> LEAVES;
      case DROP -> {
        suspect(chain, rule, branch, unknown);
        yield DROPPED;
      }
      case QUEUE -> {
        suspect(
            chain,
            rule,
            branch,
            plus(unknown, "a program decides about what is queued; without one it is dropped"));
        yield PASSES | DROPPED;
      }
      case UNSURE -> unsure(chain, rule, branch, unknown, verdict.word());
      case JUMP, GOTO -> {
        Chain target = rules.beside(chain, verdict.word());
        yield target == null
            ? unsure(
                chain,
                rule,
                branch,
                unknown,
                "what the target " + verdict.word() + " does is not known")
            : call(chain, rule, target, unknown, depth);
      }
    };
  }

  private int unsure(
      Chain chain,
      FirewallRule rule,
      FirewallRule.Branch branch,
      List<String> unknown,
      String because) {
    suspect(chain, rule, branch, plus(unknown, because));
    doubtThat(because);
    return ANYTHING;
  }

  private int call(Chain chain, FirewallRule rule, Chain target, List<String> unknown, int depth) {
    List<String> added = new ArrayList<>();
    for (String each : unknown) {
      String why = "it comes to chain " + target.name() + " only by a rule of which " + each;
      if (doubts.size() < MOST_DOUBTS && doubts.add(why)) {
        added.add(why);
      }
    }
    path.addLast(
        "rule " + rule.position() + " of " + chain.name() + " leads to chain " + target.name());
    int ends = run(target, depth + 1);
    path.removeLast();
    added.forEach(doubts::remove);
    boolean goesTo =
        rule.branches().stream()
            .anyMatch(branch ->
                branch.verdict().kind() == Verdict.Kind.GOTO
                    && branch.verdict().word().equals(target.name()));
    return goesTo && (ends & GOES_ON) != 0 ? (ends & ~GOES_ON) | LEAVES : ends;
  }

  private void suspect(
      Chain chain,
      @Nullable FirewallRule rule,
      FirewallRule.@Nullable Branch branch,
      List<String> unknown) {
    if (suspects.size() == MOST_SUSPECTS) {
      complete = false;
      return;
    }
    List<Object> key =
        rule == null ? List.of(chain.identity()) : List.of(chain.identity(), rule.identity());
    Set<String> why = new LinkedHashSet<>(unknown);
    why.addAll(doubts);
    Suspect met =
        new Suspect(
            chain, rule, branch, List.copyOf(why), List.copyOf(earlierRules), List.copyOf(path));
    suspects.merge(key, met, (first, second) -> first.sure() || !second.sure() ? first : second);
  }
}
