package dropsite.analyze.firewall;

import java.util.ArrayList;
import java.util.List;

/** A rule as it is read from words: conditions gather, then comes a verdict. */
final class SavedRule {
  /** The packet passes the rule when it names no target. */
  private Verdict verdict = Verdict.of(Verdict.Kind.CONTINUE);

  private final List<Condition> conditions = new ArrayList<>();

  void add(Condition condition) {
    conditions.add(condition);
  }

  void verdict(Verdict of) {
    verdict = of;
  }

  List<Condition> conditions() {
    return conditions;
  }

  Verdict verdict() {
    return verdict;
  }
}
