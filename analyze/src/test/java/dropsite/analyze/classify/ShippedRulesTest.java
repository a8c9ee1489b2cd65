package dropsite.analyze.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that we ship, taken together, and mistakes in rules of others. */
final class ShippedRulesTest {
  private static final Path RESOURCES =
      Path.of("src", "main", "resources", "dropsite", "analyze", "classify", "rules");
  private static final Path CLASSES = Path.of("..", "testdata", "captures", "classes.md");
  private static final Pattern CLASS_ID = Pattern.compile("[a-z0-9]+([.{][-a-z0-9,.{}]+)?");
  private static final RuleBook BOOK = RuleBook.shipped();

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  private Path folder;

  @Test
  void everyFileOfRulesIsRead() throws IOException {
    try (Stream<Path> files = Files.list(RESOURCES)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
          .containsExactlyInAnyOrderElementsOf(RuleBook.FILES);
    }
  }

  @Test
  void theTreeHoldsAtLeastTheClassesOfTheLab() throws IOException {
    Set<String> minimum = minimum();
    assertThat(minimum).contains("netfilter.ip.output", "socket.none.udp", "unknown");
    assertThat(BOOK.classes().entries()).extracting(ClassTree.Entry::id).containsAll(minimum);
  }

  /** Reads the first column of the table in classes.md; braces list alternatives. */
  private static Set<String> minimum() throws IOException {
    Set<String> ids = new TreeSet<>();
    for (String line : Files.readAllLines(CLASSES)) {
      if (!line.startsWith("| ")) {
        continue;
      }
      String column = line.substring(2, line.indexOf(" |", 2));
      for (String id : column.replaceAll("\\[[a-z]+]", "").split(", (?![^{]*})", -1)) {
        if (CLASS_ID.matcher(id.strip()).matches() && !id.strip().equals("id")) {
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
  void benignAndUnknownClassesAreCalledSo() {
    for (ClassTree.Entry entry : BOOK.classes().entries()) {
      Severity expected =
          entry.id().startsWith("benign.")
              ? Severity.BENIGN
              : entry.id().startsWith("unknown") ? Severity.UNKNOWN : Severity.DROP;
      assertThat(entry.severity()).as(entry.id()).isEqualTo(expected);
    }
  }

  @Test
  void everyRuleSaysWhatAPersonCanReadAndDo() {
    for (Rule rule : BOOK.rules()) {
      assertThat(rule.id()).matches("[a-z0-9]+(-[a-z0-9]+)*");
      assertThat(rule.explanation()).as(rule.id()).endsWith(".").hasSizeBetween(30, 400);
      if (rule.severity() == Severity.DROP) {
        assertThat(rule.next()).as(rule.id()).isNotEmpty();
      }
      assertThat(rule.causes()).as(rule.id()).doesNotHaveDuplicates();
    }
  }

  @Test
  void whatCannotBeToldIsNeverSaidWithConfidence() {
    for (Rule rule : BOOK.rules()) {
      if (rule.severity() == Severity.UNKNOWN) {
        assertThat(rule.confidence()).as(rule.id()).isEqualTo(Confidence.LOW);
      }
      boolean folderOnly =
          rule.cases().stream()
              .allMatch(each ->
                  each.conditions().stream().allMatch(PlaceCondition.InFolder.class::isInstance));
      if (folderOnly) {
        assertThat(rule.confidence()).as(rule.id()).isEqualTo(Confidence.LOW);
      }
    }
  }

  @Test
  void everyStepIsUsed() {
    List<String> used = new ArrayList<>();
    BOOK.rules().forEach(rule -> rule.next().forEach(step -> used.add(step.command())));
    assertThat(used).containsAll(BOOK.steps().stream().map(NextStep::command).toList());
  }

  @Test
  void aFolderAddsRulesAndReplacesThoseOfTheSameId() throws IOException {
    Files.writeString(
        folder.resolve("a.yaml"),
        """
        classes:
          - {id: ours.overlay, severity: drop, meaning: our overlay network}
        steps:
          overlay: {run: overlayctl show, why: what the overlay thinks, of: box}
        rules:
          - id: overlay
            class: ours.overlay
            title: overlay
            when: {site: overlay_xmit}
            explanation: Our own overlay network gave the packet up.
            next: [overlay, link]
          - id: rp-filter
            class: route.rp-filter
            title: see our wiki
            when: {reason: IP_RPFILTER}
            explanation: Our wiki says what to do about it.
        """);
    Files.writeString(folder.resolve("ignored.txt"), "rules: nonsense");
    RuleBook book = RuleBook.with(folder);
    assertThat(book.size()).isEqualTo(BOOK.size() + 1);
    assertThat(book.rules())
        .filteredOn(rule -> rule.id().equals("rp-filter"))
        .singleElement()
        .extracting(Rule::title)
        .isEqualTo("see our wiki");
    assertThat(book.classes().get("ours.overlay")).isNotNull();
    assertThat(book.rules().getLast().next())
        .extracting(NextStep::ofNamespace)
        .containsExactly(false, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {sites: x}}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: []}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {site: []}}]",
        "rules: [{class: mtu, title: b, explanation: c, when: {site: x}}]",
        "rules: [{id: i, class: none, title: b, explanation: c, when: {site: x}}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {site: x}, next: [none]}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {site: x}, confidence: sure}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {direction: up}}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {arguments: {f: 1}}}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {packet: {color: 1}}}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {packet: {ttl: low}}}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {packet: {tcpFlags: [X]}}}]",
        "rules: [{id: i, class: mtu, title: b, explanation: c, when: {site: x}}, {id: i, class:"
            + " mtu, title: b, explanation: c, when: {site: y}}]",
        "classes: [{id: a, severity: bad, meaning: b}]",
        "rules: {a: b}",
        "rule: []",
        "rules: [",
      })
  void mistakesInRulesAreRefusedWithTheirPlace(String yaml) throws IOException {
    Files.writeString(folder.resolve("my-rules.yaml"), yaml);
    assertThatThrownBy(() -> RuleBook.with(folder))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("my-rules.yaml");
  }
}
