package dropsite.analyze.classify;

import java.util.List;

/**
 * A rule as people read it.
 *
 * @param file that it stands in
 * @param reasons that it asks for, as written; empty when it asks for none
 * @param cases of which one must hold, each as it is written
 */
public record RuleText(
    String id,
    String file,
    String classId,
    Severity severity,
    Confidence confidence,
    String title,
    String explanation,
    List<String> reasons,
    List<String> cases,
    List<String> causes,
    List<NextStep> next,
    List<String> links) {

  /** Copies the lists. */
  public RuleText {
    reasons = List.copyOf(reasons);
    cases = List.copyOf(cases);
    causes = List.copyOf(causes);
    next = List.copyOf(next);
    links = List.copyOf(links);
  }

  static RuleText of(Rule rule) {
    List<String> reasons =
        rule.cases().stream()
            .flatMap(each -> each.conditions().stream())
            .filter(Condition.OfReason.class::isInstance)
            .flatMap(condition -> ((Condition.OfReason) condition).names().written().stream())
            .distinct()
            .toList();
    return new RuleText(
        rule.id(),
        rule.file(),
        rule.classId(),
        rule.severity(),
        rule.confidence(),
        rule.title(),
        rule.explanation(),
        reasons,
        rule.cases().stream().map(Case::inWords).toList(),
        rule.causes(),
        rule.next(),
        rule.links());
  }
}
