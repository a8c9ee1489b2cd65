package dropsite.analyze.classify;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What class of drop a stack shows, and why that is believed.
 *
 * @param ruleId of the rule that says so; null when none does
 * @param classId dotted, most general word first
 * @param title a few words for a heading
 * @param explanation one or two sentences
 * @param place of the drop; null when the stack does not show one
 * @param evidence what the classification rests on, one sentence each
 * @param causes what may be behind it, the likeliest first
 * @param next what to run next, as templates that {@link CommandTemplate} fills
 * @param links to read more
 */
public record Classification(
    @Nullable String ruleId,
    String classId,
    Severity severity,
    Confidence confidence,
    String title,
    String explanation,
    @Nullable DropPlace place,
    List<String> evidence,
    List<String> causes,
    List<NextStep> next,
    List<String> links) {

  /** Copies the lists. */
  public Classification {
    evidence = List.copyOf(evidence);
    causes = List.copyOf(causes);
    next = List.copyOf(next);
    links = List.copyOf(links);
  }

  /** What no rule says, and without causes and links. */
  public Classification(
      String classId,
      Severity severity,
      Confidence confidence,
      String title,
      String explanation,
      @Nullable DropPlace place,
      List<String> evidence,
      List<NextStep> next) {
    this(
        null,
        classId,
        severity,
        confidence,
        title,
        explanation,
        place,
        evidence,
        List.of(),
        next,
        List.of());
  }

  /** Returns the same with one more sentence of evidence. */
  public Classification with(String sentence) {
    return doubted(Confidence.HIGH, sentence);
  }

  /** Returns the same with commands for one event. */
  public Classification filled(CommandTemplate template) {
    return with(confidence, evidence, causes, template.fill(next));
  }

  /** Returns the same with at most a confidence, and why. */
  public Classification doubted(Confidence most, String why) {
    List<String> all = new ArrayList<>(evidence);
    all.add(why);
    return with(confidence.atMost(most), all, causes, next);
  }

  /** Returns the same without what may be behind it, for what is behind it is known. */
  public Classification withoutCauses() {
    return with(confidence, evidence, List.of(), next);
  }

  private Classification with(
      Confidence sure, List<String> because, List<String> behind, List<NextStep> steps) {
    return new Classification(
        ruleId, classId, severity, sure, title, explanation, place, because, behind, steps, links);
  }
}
