package dropsite.analyze.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.analyze.kernel.KernelFactsReader;
import dropsite.analyze.rules.RuleData;
import dropsite.bytes.MalformedInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that we ship, taken together. */
final class ShippedRulesTest {
  private static final Path CAPTURES = Path.of("..", "testdata", "captures");
  private static final Pattern CLASS_ID = Pattern.compile("[a-z0-9]+([.{][-a-z0-9,.{}]+)?");

  @Test
  void everyClassIsDocumentedOrTheParentOfOneThatIs() throws IOException {
    Set<String> documented = documentedClasses();
    assertThat(documented).contains("netfilter.ip.output", "socket.none.udp", "unknown");
    for (Rule rule : RuleBook.shipped().rules()) {
      assertThat(documented)
          .as(rule.classId())
          .anyMatch(id -> id.equals(rule.classId()) || id.startsWith(rule.classId() + "."));
    }
  }

  /** Reads the first column of the table in classes.md; braces list alternatives. */
  private static Set<String> documentedClasses() throws IOException {
    Set<String> ids = new TreeSet<>();
    for (String line : Files.readAllLines(CAPTURES.resolve("classes.md"))) {
      if (!line.startsWith("| ")) {
        continue;
      }
      String column = line.substring(2, line.indexOf(" |", 2));
      for (String id : column.replaceAll("\\[[a-z]+]", "").split(", (?![^{]*})", -1)) {
        if (CLASS_ID.matcher(id.strip()).matches()) {
          expand(id.strip(), ids);
        }
      }
    }
    return ids;
  }

  private static void expand(String id, Set<String> ids) {
    Matcher braces = Pattern.compile("\\{([^}]*)}").matcher(id);
    if (!braces.find()) {
      ids.add(id);
      return;
    }
    for (String alternative : braces.group(1).split(",", -1)) {
      expand(id.substring(0, braces.start()) + alternative + id.substring(braces.end()), ids);
    }
  }

  @Test
  void everyReasonOfTheRecordedKernelsHasARule() throws IOException {
    for (String kernel : List.of("6.1", "6.12")) {
      for (String reason :
          KernelFactsReader.read(CAPTURES.resolve(kernel).resolve("kernel.json"))
              .reasons()
              .values()) {
        String name = reason.replace("SKB_DROP_REASON_", "");
        // These three are no reasons: nothing dropped, nothing said, the end of the enum.
        if (Set.of("SKB_NOT_DROPPED_YET", "NOT_SPECIFIED", "MAX", "SUBSYS_MASK").contains(name)) {
          continue;
        }
        assertThat(RuleBook.shipped().rules())
            .as(kernel + " " + name)
            .anyMatch(rule -> rule.reasons() != null && rule.reasons().matches(name));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rules: [{class: a, title: b, explanation: c, when: {sites: x}}]",
        "rules: [{class: a, title: b, explanation: c}]",
        "rules: [{class: a, title: b, explanation: c, when: {site: x}, next: [none]}]",
        "rules: [{class: a, title: b, explanation: c, when: {site: x}, confidence: sure}]",
        "rules: {a: b}",
        "rule: []",
        "rules: [",
      })
  void mistakesInRulesAreRefusedWithTheirPlace(String yaml) {
    assertThatThrownBy(() ->
            RuleBook.rules(
                RuleData.read(
                    "my-rules.yaml",
                    new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageStartingWith("my-rules.yaml");
  }
}
