package dropsite.analyze.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.stack.StackResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How many of the places in net/ that free packets have a rule, without any reason. */
final class FreeSiteCoverageTest {
  private static final Path REASONS = Path.of("..", "testdata", "reasons");
  private static final Classifier CLASSIFIER = Classifier.shipped();
  private static final StackResolver RESOLVER =
      new StackResolver(KernelImage.of(null, Map.of(), KernelFacts.NONE, false), false);

  @Test
  void mostPlacesThatFreePacketsAreKnown() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| Kernel | Places | by the function's name | by name or folder of the source | of those,"
            + " high or medium confidence |");
    lines.add("|---|---|---|---|---|");
    for (String kernel : List.of("6.1", "6.12")) {
      long places = 0;
      long byName = 0;
      long byFolder = 0;
      long sure = 0;
      for (String line : Files.readAllLines(REASONS.resolve("freesites-" + kernel + ".tsv"))) {
        String[] columns = line.split("\t", -1);
        if (line.startsWith("#") || CLASSIFIER.book().freeing().matches(columns[1])) {
          continue;
        }
        long here = Long.parseLong(columns[2]);
        places += here;
        byName += isKnown(classify(columns[1], null)) ? here : 0;
        Classification whole = classify(columns[1], columns[0] + ":1");
        byFolder += isKnown(whole) ? here : 0;
        sure += isKnown(whole) && whole.confidence() != Confidence.LOW ? here : 0;
      }
      assertThat(byName).isGreaterThan(places / 2);
      lines.add(
          "| " + kernel + " | " + places + " | " + byName + " | " + byFolder + " | " + sure + " |");
    }
    DocTables.check("places", lines);
  }

  private static boolean isKnown(Classification classification) {
    return classification.ruleId() != null && classification.severity() != Severity.UNKNOWN;
  }

  private static Classification classify(String function, @Nullable String source)
      throws IOException {
    List<StackFrame> frames =
        List.of(StackFrame.ofName("kfree_skb"), StackFrame.ofName(function).withSource(source));
    StackEvent event = new StackEvent("text", 1, "", EventFacts.NONE, frames, 1);
    return CLASSIFIER.classify(RESOLVER.resolve(event), null, true);
  }
}
