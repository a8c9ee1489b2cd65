package dropsite.analyze.firewall;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All that stands in the firewalls of a network namespace at one moment. */
final class Ruleset {
  private final List<Chain> chains;
  private final Set<String> missing;
  private final boolean marks;
  private final Map<List<String>, Chain> byIdentity = new HashMap<>();
  private final Map<List<String>, Map<String, FirewallRule>> rules = new HashMap<>();

  /**
   * @param missing parts of the snapshot that were not had, or not as a whole
   */
  Ruleset(List<Chain> chains, Set<String> missing) {
    this.chains = chains.stream().sorted(Comparator.comparingInt(Chain::priority)).toList();
    this.missing = Set.copyOf(missing);
    boolean anyMarks = false;
    for (Chain chain : this.chains) {
      byIdentity.putIfAbsent(chain.identity(), chain);
      for (FirewallRule rule : chain.rules()) {
        for (FirewallRule.Branch branch : rule.branches()) {
          anyMarks |= branch.verdict().word().endsWith("MARK");
        }
      }
    }
    marks = anyMarks;
  }

  /**
   * Returns whether chains that hang on hooks of a family may have been there besides these.
   *
   * @param asked those whose chains count
   */
  boolean mayLack(String family, Predicate<Tool> asked) {
    return missing.stream()
        .map(Tool::ofPart)
        .filter(asked)
        .anyMatch(tool -> tool.family().isEmpty() || tool.family().equals(family));
  }

  /** Returns whether what a tool shows was not there when it is not here. */
  boolean tellsAllOf(Tool tool) {
    return !missing.contains(tool.part());
  }

  /** Returns whether a rule changes the marks of packets. */
  boolean marks() {
    return marks;
  }

  /** Returns whether it has a rule or a policy that another one lacks. */
  boolean addsTo(Ruleset other) {
    for (Chain chain : chains) {
      Chain there = other.same(chain);
      if (there == null || there.policy() != chain.policy()) {
        return true;
      }
      for (FirewallRule rule : chain.rules()) {
        if (other.same(chain, rule) == null) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns the same without some rules. */
  Ruleset without(BiPredicate<Chain, FirewallRule> left) {
    return new Ruleset(
        chains.stream()
            .map(chain ->
                chain.with(chain.rules().stream().filter(rule -> !left.test(chain, rule)).toList()))
            .toList(),
        missing);
  }

  /** Returns the chains that hang on a hook, those that are run first at first. */
  List<Chain> on(String family, String hook) {
    List<Chain> found = new ArrayList<>();
    for (Chain chain : chains) {
      if (chain.hangsOn(family, hook)) {
        found.add(chain);
      }
    }
    return found;
  }

  /** Returns the chain of a name in the table of another; null when there is none. */
  @Nullable Chain beside(Chain chain, String name) {
    return byIdentity.get(List.of(chain.tool().part(), chain.family(), chain.table(), name));
  }

  /** Returns what another ruleset's chain is here; null when it is gone. */
  @Nullable Chain same(Chain chain) {
    return byIdentity.get(chain.identity());
  }

  /** Returns what another ruleset's rule is here; null when it is gone. */
  @Nullable FirewallRule same(Chain chain, FirewallRule rule) {
    Map<String, FirewallRule> all =
        rules.computeIfAbsent(
            chain.identity(),
            identity -> {
              Map<String, FirewallRule> named = new HashMap<>();
              Chain here = byIdentity.get(identity);
              if (here != null) {
                here.rules().forEach(each -> named.putIfAbsent(each.identity(), each));
              }
              return named;
            });
    return all.get(rule.identity());
  }
}
