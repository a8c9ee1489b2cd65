package dropsite.analyze.classify;

import java.util.ArrayList;
import java.util.List;

/**
 * How one rule fits one drop.
 *
 * @param fit how specific the conditions are that hold; 0 when the rule does not hold
 * @param holding conditions that hold, of the case that fits best
 * @param failing why it does not hold: the first condition of each case that fails; empty when it
 *     holds
 */
public record RuleTrial(
    String ruleId, String classId, int fit, List<String> holding, List<String> failing) {

  /** Copies the lists. */
  public RuleTrial {
    holding = List.copyOf(holding);
    failing = List.copyOf(failing);
  }

  static RuleTrial of(Rule rule, Drop drop, Packet packet) {
    int best = 0;
    List<String> holding = List.of();
    List<String> partly = new ArrayList<>();
    List<String> failing = new ArrayList<>();
    for (Case when : rule.cases()) {
      if (drop.hook() != null && !when.asksForHook()) {
        failing.add("hookOwner (a hook's verdict is judged only by rules that ask for its owner)");
        continue;
      }
      Condition first = when.failing(drop, packet);
      if (first != null) {
        failing.add(first.inWords());
        partly.addAll(holding(when, drop, packet));
        continue;
      }
      int fit = Case.fit(when.conditions(), drop, packet);
      if (fit > best) {
        best = fit;
        holding = holding(when, drop, packet);
      }
    }
    return new RuleTrial(
        rule.id(),
        rule.classId(),
        best,
        best > 0 ? holding : partly,
        best > 0 ? List.of() : failing);
  }

  private static List<String> holding(Case when, Drop drop, Packet packet) {
    List<String> result = new ArrayList<>();
    for (Condition condition : when.conditions()) {
      int fit = condition.fit(drop, packet);
      if (fit != Condition.NO) {
        result.add(condition.inWords() + " (" + fit + ")");
      }
    }
    return result;
  }
}
