package dropsite.analyze.network;

import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.rules.RuleData;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What it means that a counter moves: an entry of silent.yaml, which explains the fields.
 *
 * @param counter empty for rules over names of a card's counters
 * @param way {@code rx} or {@code tx}, for the same
 * @param names parts of names, for the same
 */
record SilentRule(
    String counter,
    String way,
    List<String> names,
    String classId,
    Confidence confidence,
    List<String> minus,
    List<String> freedAs,
    List<String> freedAnywhereAs,
    List<String> not,
    List<String> more,
    String title,
    String explanation,
    List<String> causes,
    List<NextStep> next) {
  private static final String INTERFACE = "{interface}";
  private static final String ANY = "*";

  /**
   * @param steps lists of commands by name
   */
  static SilentRule of(RuleData data, RuleData steps) {
    data.expectOnly(
        Set.of(
            "counter",
            "way",
            "names",
            "class",
            "title",
            "confidence",
            "minus",
            "freedAs",
            "freedAnywhereAs",
            "not",
            "evidence",
            "explanation",
            "causes",
            "next",
            "steps"));
    return new SilentRule(
        data.get("counter").optionalText().orElse(""),
        data.get("way").optionalText().orElse(""),
        data.get("names").texts(),
        data.get("class").text(),
        Confidence.of(data.get("confidence")),
        data.get("minus").texts(),
        data.get("freedAs").texts(),
        data.get("freedAnywhereAs").texts(),
        data.get("not").texts(),
        data.get("evidence").texts(),
        data.get("title").text(),
        data.get("explanation").text(),
        data.get("causes").texts(),
        Stream.concat(
                data.get("next").items().stream(),
                data.get("steps").texts().stream()
                    .flatMap(name -> steps.get(name).items().stream()))
            .map(step -> new NextStep(step.get("run").text(), step.get("why").text()))
            .toList());
  }

  /** Returns whether it may count freed packets of every class. */
  boolean freedAsAny() {
    return freedAs.contains(ANY);
  }

  /** Returns whether a card's counter of this name is one of those. */
  boolean names(String cardCounter) {
    String name = cardCounter.toLowerCase(Locale.ROOT);
    return name.contains(way) && names.stream().anyMatch(name::contains);
  }

  /**
   * Returns what it is called; its commands are templates still.
   *
   * @param device that counts; an empty name for none
   */
  Classification classification(String device, List<String> evidence) {
    return new Classification(
        null,
        classId,
        Severity.DROP,
        confidence,
        title,
        explanation.replace(INTERFACE, device),
        null,
        evidence,
        causes,
        next,
        List.of());
  }
}
