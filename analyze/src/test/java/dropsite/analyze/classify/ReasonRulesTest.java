package dropsite.analyze.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every drop reason of real kernels has a rule. */
final class ReasonRulesTest {
  private static final Path REASONS = Path.of("..", "testdata", "reasons");

  /** These are no reasons: nothing dropped, nothing said, the end of the enum. */
  private static final Set<String> NONE =
      Set.of("SKB_NOT_DROPPED_YET", "NOT_SPECIFIED", "MAX", "SUBSYS_MASK");

  private static final RuleBook BOOK = RuleBook.shipped();

  @Test
  void everyReasonHasARuleOfItsOwn() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("| Reason | Class | Confidence | Meaning |");
    lines.add("|---|---|---|---|");
    for (Map.Entry<String, String> reason : reasons().entrySet()) {
      Rule rule = byReasonAlone(reason.getKey());
      assertThat(rule).as(reason.getKey()).isNotNull();
      lines.add(
          "| "
              + (reason.getValue().isEmpty() ? "" : reason.getValue() + ": ")
              + reason.getKey()
              + " | "
              + rule.classId()
              + " | "
              + rule.confidence().word()
              + " | "
              + rule.title()
              + " |");
    }
    assertThat(lines).hasSizeGreaterThan(150);
    DocTables.check("reasons", lines);
  }

  /** Returns the rule that holds when nothing but the reason is known. */
  private static Rule byReasonAlone(String reason) {
    Rule best = null;
    int bestFit = 0;
    for (Rule rule : BOOK.rules()) {
      for (Case each : rule.cases()) {
        boolean alone =
            each.conditions().size() == 1
                && each.conditions().getFirst() instanceof Condition.OfReason of
                && of.names().patterns().matches(reason);
        int fit = alone && rule.knowsReason(reason) ? weight(each, reason) : 0;
        if (fit > bestFit) {
          best = rule;
          bestFit = fit;
        }
      }
    }
    if (best == null) {
      throw new AssertionError("no rule for the reason " + reason);
    }
    return best;
  }

  private static int weight(Case when, String reason) {
    Condition.OfReason of = (Condition.OfReason) when.conditions().getFirst();
    return of.names().patterns().matchesWhole(reason) ? 2 : 1;
  }

  /** Returns reasons with their subsystems, which are empty for the kernel's core. */
  private static Map<String, String> reasons() throws IOException {
    Map<String, String> reasons = new TreeMap<>();
    try (Stream<Path> files = Files.list(REASONS)) {
      for (Path file :
          files
              .filter(each -> each.getFileName().toString().matches("[a-z]+_[0-9.-]+\\.tsv"))
              .sorted()
              .toList()) {
        for (String line : Files.readAllLines(file)) {
          String name = line.split("\t", -1)[1];
          if (!NONE.contains(name)) {
            reasons.put(name, "");
          }
        }
      }
    }
    for (String line : Files.readAllLines(REASONS.resolve("subsystems.tsv"))) {
      if (!line.startsWith("#")) {
        reasons.put(line.split("\t", -1)[1], line.split("\t", -1)[0]);
      }
    }
    return reasons;
  }

  @Test
  void theTreeOfClassesIsThatOfTheDocument() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("| Class | Severity | Meaning |");
    lines.add("|---|---|---|");
    for (ClassTree.Entry entry : BOOK.classes().entries()) {
      lines.add(
          "| " + entry.id() + " | " + entry.severity().word() + " | " + entry.meaning() + " |");
    }
    DocTables.check("classes", lines);
  }
}
