package dropsite.analyze.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.box.BoxRecords;
import dropsite.analyze.classify.Confidence;
import dropsite.capture.DropEvent;
import dropsite.capture.file.CaptureReader;
import dropsite.capture.file.CaptureRecord;
import dropsite.capture.host.SnapshotPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every way of netfilter to drop a packet, recorded in the lab, each with innocent rules beside it:
 * the one that did it is named first, and no innocent one at all.
 */
final class ExplainedRulesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Beside it stands a rule that asks connection tracking too, and has no counter. */
  private static final Set<String> BOTH_FIT = Set.of("nft_state_invalid");

  private static final Path CAPTURES = Path.of("..", "testdata", "captures");

  @ParameterizedTest
  @CsvSource({"6.1,bpf", "6.12,bpf", "6.12,tracefs"})
  void theRuleThatDroppedIsNamed(String kernel, String source) throws IOException {
    Path folder = CAPTURES.resolve("explain-" + kernel);
    BoxRecords records = new BoxRecords();
    List<DropEvent> events = new ArrayList<>();
    Path file = folder.resolve("firewall." + source + ".drops.pcapng.gz");
    try (InputStream input = Files.newInputStream(file);
        CaptureReader reader = CaptureReader.open(file.toString(), input)) {
      for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
        records.meet(record);
        if (record instanceof CaptureRecord.Drop drop) {
          events.add(drop.event());
        }
      }
    }
    Firewall firewall = new Firewall();
    var box = records.box();
    int scenarios = 0;
    List<String> failures = new ArrayList<>();
    for (JsonNode scenario :
        JSON.readTree(folder.resolve("truth.json").toFile()).get("scenarios")) {
      JsonNode numbers = scenario.path("events").path(source);
      if (scenario.get("recording").asText().equals("firewall") && !numbers.isEmpty()) {
        scenarios++;
        DropEvent event = events.get(numbers.get(0).asInt());
        List<Attribution> found =
            firewall.attribute(
                Snapshots.drop(
                    box,
                    event.device().netns(),
                    scenario.get("class").asText(),
                    event.device().name(),
                    event.packet(),
                    numbers.size()));
        check(scenario, found, failures);
      }
    }
    assertThat(failures).isEmpty();
    assertThat(scenarios).isEqualTo(90);
  }

  @Test
  void withoutTheSnapshotAfterwardsTheRuleIsStillACandidate() throws IOException {
    Path folder = CAPTURES.resolve("explain-6.12");
    BoxRecords records = new BoxRecords();
    List<DropEvent> events = new ArrayList<>();
    try (InputStream input = Files.newInputStream(folder.resolve("firewall.bpf.drops.pcapng.gz"));
        CaptureReader reader = CaptureReader.open("x", input)) {
      for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
        if (!(record instanceof CaptureRecord.Snapshot taken)
            || taken.part().phase() != SnapshotPart.Phase.AFTER) {
          records.meet(record);
        }
        if (record instanceof CaptureRecord.Drop drop) {
          events.add(drop.event());
        }
      }
    }
    Firewall firewall = new Firewall();
    List<String> failures = new ArrayList<>();
    for (JsonNode scenario :
        JSON.readTree(folder.resolve("truth.json").toFile()).get("scenarios")) {
      JsonNode numbers = scenario.path("events").path("bpf");
      if (scenario.get("recording").asText().equals("firewall") && !numbers.isEmpty()) {
        DropEvent event = events.get(numbers.get(0).asInt());
        List<Attribution> found =
            firewall.attribute(
                Snapshots.drop(
                    records.box(),
                    event.device().netns(),
                    scenario.get("class").asText(),
                    event.device().name(),
                    event.packet(),
                    numbers.size()));
        JsonNode truth = scenario.get("attributions").get(0);
        if (found.stream().noneMatch(each -> is(truth, each))
            || found.stream().anyMatch(each -> each.confidence() == Confidence.HIGH)) {
          failures.add(scenario.get("scenario").asText() + ": " + found);
        }
      }
    }
    assertThat(failures).isEmpty();
  }

  private static void check(JsonNode scenario, List<Attribution> found, List<String> failures) {
    String name = scenario.get("scenario").asText();
    if (found.isEmpty()) {
      failures.add(name + ": nothing is named\n");
      return;
    }
    Attribution first = found.getFirst();
    JsonNode truth = scenario.get("attributions").get(0);
    if (!is(truth, first)) {
      failures.add(name + ": " + truth + "\n   but " + found + "\n");
    } else if (truth.path("counts").asBoolean()
        && !Objects.equals(first.counterDelta(), truth.get("counterDelta").asLong())) {
      failures.add(name + ": its counter: " + first + "\n");
    } else if (truth.path("counts").asBoolean() && first.confidence() == Confidence.LOW) {
      failures.add(name + ": low: " + first + "\n");
    }
    for (JsonNode innocent : scenario.get("innocent")) {
      for (Attribution each : found) {
        // Where both fit, the one that cannot be excluded comes last and says how unsure it is.
        boolean fits =
            BOTH_FIT.contains(name)
                && each.confidence() == Confidence.LOW
                && first.confidence() != Confidence.LOW;
        if (!fits && is(innocent, each)) {
          failures.add(name + ": innocent: " + each + "\n");
        }
      }
    }
  }

  private static boolean is(JsonNode truth, Attribution found) {
    String handle =
        truth.has("handle")
            ? "handle " + truth.get("handle").asText()
            : truth.has("number") ? "line " + truth.get("number").asText() : null;
    return truth.path("kind").asText(found.kind().name()).equals(found.kind().name())
        && truth.path("table").asText().equals(found.table())
        && truth.path("chain").asText().equals(found.chain())
        && Objects.equals(handle, found.handle())
        && found.commands().getFirst().command().startsWith(truth.path("tool").asText() + " ");
  }
}
