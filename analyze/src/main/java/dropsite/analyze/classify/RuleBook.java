package dropsite.analyze.classify;

import dropsite.analyze.rules.NamePatterns;
import dropsite.analyze.rules.RuleData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that classification knows of the kernel, as rule data says it.
 *
 * @param freeing the functions that free packets for others
 * @param hooks what is known of netfilter
 * @param rules for everything else
 */
record RuleBook(NamePatterns freeing, HookTable hooks, List<Rule> rules) {

  /** Reads the rules that we ship. */
  static RuleBook shipped() {
    RuleData sites = RuleData.resource(RuleBook.class, "freeing.yaml");
    sites.expectOnly(Set.of("freeing"));
    return new RuleBook(
        new NamePatterns(sites.get("freeing").texts()),
        HookTable.of(RuleData.resource(RuleBook.class, "netfilter.yaml")),
        rules(RuleData.resource(RuleBook.class, "rules.yaml")));
  }

  static List<Rule> rules(RuleData data) {
    data.expectOnly(Set.of("steps", "rules"));
    Map<String, NextStep> steps = new HashMap<>();
    RuleData stepData = data.get("steps");
    for (String name : stepData.names()) {
      RuleData step = stepData.get(name);
      step.expectOnly(Set.of("run", "why"));
      steps.put(name, new NextStep(step.get("run").text(), step.get("why").text()));
    }
    return data.get("rules").items().stream().map(item -> Rule.of(item, steps)).toList();
  }
}
