package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiffCommandTest {
  private static final String RULES = "../testdata/captures/lab-6.12/rules.drops.pcapng.gz";
  private static final String OTHER = "../testdata/captures/lab-6.12/tracefs.drops.pcapng.gz";
  private static final String OLDER = "../testdata/captures/lab-6.1/tracefs.drops.pcapng.gz";

  @TempDir private Path folder = Path.of("");

  @Test
  void recordingIsTheSameAsItselfAndAsItsReport() throws IOException {
    Path report = folder.resolve("report.json");
    Files.writeString(report, CommandRun.of("analyze", "--json", RULES).out());
    for (String before : List.of(RULES, report.toString())) {
      CommandRun run = CommandRun.of("diff", before, RULES);
      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).contains("8 events in 2.9 s", "0 different, 3 as often as before");
    }
  }

  @Test
  void whatIsInOneSideOnlyIsToldFromBothEnds() throws IOException {
    JsonNode there = differences(RULES, OTHER);
    JsonNode back = differences(OTHER, RULES);
    assertThat(there).isNotEmpty().hasSameSizeAs(back);
    assertThat(there.findValuesAsText("kind")).contains("appeared");
    assertThat(back.findValuesAsText("kind")).contains("vanished");
    assertThat(there.findValues("sigma").getFirst().asDouble())
        .isCloseTo(-back.findValues("sigma").getFirst().asDouble(), within(1e-9));
  }

  @Test
  void causesAreTheSameAcrossKernels() throws IOException {
    CommandRun run = CommandRun.of("diff", "--json", OLDER, OTHER);
    JsonNode comparison = new ObjectMapper().readTree(run.out());
    assertThat(comparison.get("same").asInt()).isGreaterThan(comparison.get("differences").size());
  }

  @Test
  void changeOfRateIsToldOnlyBeyondChance() throws IOException {
    Path some = report("some.json", 100, 10);
    Path more = report("more.json", 115, 10);
    Path longer = report("longer.json", 1000, 100);
    Path most = report("most.json", 200, 10);
    assertThat(CommandRun.of("diff", some.toString(), more.toString()).exitCode()).isZero();
    assertThat(CommandRun.of("diff", some.toString(), longer.toString()).exitCode()).isZero();
    CommandRun changed = CommandRun.of("diff", some.toString(), most.toString());
    assertThat(changed.exitCode()).isEqualTo(1);
    assertThat(changed.out()).contains("more  \\x1b[31mred", "100 (10.0/s) -> 200 (20.0/s)");
    assertThat(CommandRun.of("diff", most.toString(), some.toString()).out()).contains("less  ");
  }

  @Test
  void longLinesAreBrokenAtTheWidth() {
    CommandRun run = CommandRun.in(Map.of("COLUMNS", "60"), "", "diff", RULES, OTHER);
    assertThat(run.out().lines()).anyMatch(line -> line.startsWith("      "));
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 60);
  }

  @Test
  void troubleIsOneLineAndTwo() throws IOException {
    Path broken =
        Files.writeString(folder.resolve("broken.json"), "{\"schema\": 1, \"findings\": [{");
    Path other = Files.writeString(folder.resolve("other.json"), "{\"schema\": 2}");
    Path empty = Files.createFile(folder.resolve("empty"));
    for (String wrong :
        List.of(broken.toString(), other.toString(), empty.toString(), "nowhere", "-", "..")) {
      CommandRun run = CommandRun.of("diff", wrong, RULES);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).hasLineCount(1).startsWith("dropsite diff: ");
      assertThat(run.out()).isEmpty();
    }
    assertThat(CommandRun.of("diff", other.toString(), RULES).err())
        .contains("schema 2 is not known");
    for (String text :
        List.of(
            "{\"schema\": 1, \"findings\": [1, {}]}",
            "{\"schema\": 1, \"findings\": [{\"count\": -1}]}",
            "{\"schema\": 1, \"totals\": {\"events\": -1}, \"findings\": []}",
            "{\"schema\": 1, \"findings\": []} {",
            "{\"schema\": 1, \"events\": []}",
            "{\"schema\": 1, \"findings\": [{\"class\": null}]}",
            "{\"schema\": 1, \"findings\": [{\"class\": \"mtu\", \"attribution\": 7}]}",
            "{\"schema\": 1, \"findings\": []",
            "{\"schema\": 1, \"x\": " + "[".repeat(5000))) {
      Files.writeString(broken, text);
      CommandRun run = CommandRun.of("diff", broken.toString(), RULES);
      assertThat(run.exitCode()).as(text).isEqualTo(2);
      assertThat(run.err()).hasLineCount(1);
    }
    assertThat(CommandRun.of("diff", "--redact", other.toString(), RULES).err())
        .contains("is a report; --redact takes recordings");
  }

  @Test
  void redactedComparisonsDoNotTellHowFilesAreCalled() {
    CommandRun run = CommandRun.of("diff", "--redact", "--json", RULES, OTHER);
    assertThat(run.out()).contains("recording 1", "recording 2").doesNotContain("drops.pcapng");
  }

  private JsonNode differences(String before, String after) throws IOException {
    CommandRun run = CommandRun.of("diff", "--json", before, after);
    assertThat(run.exitCode()).isEqualTo(1);
    return new ObjectMapper().readTree(run.out()).get("differences");
  }

  private Path report(String name, int count, int seconds) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        """
        {"schema": 1, "totals": {"events": %d, "lost": 0, "recordedNanos": %d000000000},
         "findings": [{"id": "1", "class": "qdisc", "severity": "drop", "title": "\\u001b[31mred",
           "count": %d, "site": {"function": "f", "file": "a.c", "line": 1, "caller": "g"},
           "attribution": null, "stack": [{"function": "f", "hidden": false}], "events": []}],
         "events": []}
        """
            .formatted(count, seconds, count));
  }
}
