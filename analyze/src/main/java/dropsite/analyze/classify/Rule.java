package dropsite.analyze.classify;

import dropsite.analyze.rules.RuleData;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One rule: what must be so, and what it then is.
 *
 * @param id names the rule, in files and reports
 * @param file that it stands in
 * @param cases of which one must hold
 * @param causes what may be behind it, the likeliest first
 * @param next templates of the commands to run next
 */
record Rule(
    String id,
    String file,
    String classId,
    Severity severity,
    Confidence confidence,
    String title,
    String explanation,
    List<Case> cases,
    List<String> causes,
    List<NextStep> next,
    List<String> links) {

  static Rule of(RuleData data, String file, ClassTree classes, Map<String, NextStep> steps) {
    data.expectOnly(
        Set.of(
            "id",
            "class",
            "title",
            "severity",
            "confidence",
            "when",
            "explanation",
            "causes",
            "next",
            "links"));
    String classId = data.get("class").text();
    ClassTree.Entry entry = classes.get(classId);
    if (entry == null) {
      throw data.get("class").malformed("no such class: " + classId);
    }
    return new Rule(
        data.get("id").text(),
        file,
        classId,
        data.get("severity").present() ? Severity.of(data.get("severity")) : entry.severity(),
        Confidence.of(data.get("confidence")),
        data.get("title").text(),
        data.get("explanation").text(),
        Case.all(data.get("when"), data),
        List.copyOf(data.get("causes").texts()),
        data.get("next").items().stream().map(step -> step(step, steps)).toList(),
        List.copyOf(data.get("links").texts()));
  }

  private static NextStep step(RuleData name, Map<String, NextStep> steps) {
    NextStep step = steps.get(name.text());
    if (step == null) {
      throw name.malformed("no such step: " + name.text());
    }
    return step;
  }

  /** Returns whether a rule asks for a reason by a name that fits one. */
  boolean knowsReason(String reason) {
    return hasCondition(condition ->
        condition instanceof Condition.OfReason of && of.names().patterns().matches(reason));
  }

  /** Returns whether some case asks for what a test says, alone or with other conditions. */
  boolean hasCondition(Predicate<Condition> test) {
    return cases.stream().flatMap(each -> each.conditions().stream()).anyMatch(test);
  }
}
