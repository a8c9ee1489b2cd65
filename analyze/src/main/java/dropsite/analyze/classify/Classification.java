package dropsite.analyze.classify;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What class of drop a stack shows, and why that is believed.
 *
 * @param classId dotted, most general word first
 * @param title a few words for a heading
 * @param explanation one or two sentences
 * @param place of the drop; null when the stack does not show one
 * @param evidence what the classification rests on, one sentence each
 * @param next what to run next
 */
public record Classification(
    String classId,
    Severity severity,
    Confidence confidence,
    String title,
    String explanation,
    @Nullable DropPlace place,
    List<String> evidence,
    List<NextStep> next) {

  /** Copies the lists. */
  public Classification {
    evidence = List.copyOf(evidence);
    next = List.copyOf(next);
  }

  /** Returns the same with one more sentence of evidence. */
  public Classification with(String sentence) {
    List<String> all = new ArrayList<>(evidence);
    all.add(sentence);
    return new Classification(classId, severity, confidence, title, explanation, place, all, next);
  }

  /** Returns the same with at most medium confidence, and why. */
  Classification doubted(String why) {
    List<String> all = new ArrayList<>(evidence);
    all.add(why);
    return new Classification(
        classId,
        severity,
        confidence.atMost(Confidence.MEDIUM),
        title,
        explanation,
        place,
        all,
        next);
  }
}
