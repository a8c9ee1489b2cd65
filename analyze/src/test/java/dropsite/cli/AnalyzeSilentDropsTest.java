package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.analyze.captures.EditedCapture;
import dropsite.capture.Losses;
import dropsite.capture.file.CaptureRecord;
import dropsite.command.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counters alone saw, told of recordings that hold some of the events only. */
final class AnalyzeSilentDropsTest {
  private static final Path CAPTURE =
      Path.of("../testdata/captures/explain-6.12/network.bpf.drops.pcapng.gz");

  @TempDir private Path folder = Path.of("");

  @Test
  void ofSomeFilesOfARotationNothingIsInvented() throws IOException {
    List<Path> files = EditedCapture.rotated(CAPTURE, folder);
    assertThat(files).hasSizeGreaterThan(2);
    List<String> whole = silent(report(CAPTURE));
    assertThat(silent(report(files.toArray()))).isEqualTo(whole);

    JsonNode last = report(files.getLast());
    assertThat(whole).containsAll(silent(last));
    assertThat(last.at("/boxes/0/environment/missing").toString())
        .contains("of the recording stood in other files");
    assertThat(confidences(last)).isNotEmpty().doesNotContain("high");

    CommandRun text = CommandRun.of("analyze", files.getLast().toString());
    assertThat(text.out().lines().findFirst().orElseThrow()).contains(", perhaps ");

    Path redacted = folder.resolve("redacted.pcapng");
    report(files.getLast(), "--redact", "--pcapng", redacted);
    assertThat(silent(report(redacted))).isEqualTo(silent(last));
  }

  @Test
  void whatFiltersLeftOutIsNotInvented() throws IOException {
    Path filtered =
        EditedCapture.write(
            CAPTURE,
            folder.resolve("filtered.pcapng"),
            records -> {
              List<CaptureRecord> some = new ArrayList<>();
              for (CaptureRecord record : records) {
                if (record instanceof CaptureRecord.Lost lost) {
                  some.add(
                      new CaptureRecord.Lost(
                          lost.recording(), new Losses(30, 109, 0, 0, 0, 0, 0, 0)));
                } else if (!(record instanceof CaptureRecord.Drop) || some.size() % 5 == 0) {
                  some.add(record);
                }
              }
              return some;
            });
    JsonNode report = report(filtered);
    assertThat(silent(report(CAPTURE))).containsAll(silent(report));
    assertThat(confidences(report)).isNotEmpty().doesNotContain("high");
    assertThat(report.at("/boxes/0/environment/missing").toString())
        .contains("109 events were left out by the filters of the recording");
  }

  @Test
  void packetsFreedInOtherNamespacesAreTakenOffToo() throws IOException {
    JsonNode all = report(CAPTURE);
    JsonNode one = report(CAPTURE, "--netns", "s");
    assertThat(one.get("events")).isNotEmpty();
    assertThat(findings(one)).allMatch(each -> each.at("/namespace/name").asText().equals("s"));
    assertThat(silent(all)).containsAll(silent(one));
  }

  private static List<String> silent(JsonNode report) {
    return findings(report).map(each -> each.get("title") + " " + each.get("count")).toList();
  }

  private static List<String> confidences(JsonNode report) {
    return findings(report).map(each -> each.get("confidence").asText()).toList();
  }

  private static Stream<JsonNode> findings(JsonNode report) {
    return report
        .get("findings")
        .valueStream()
        .filter(each -> each.get("class").asText().startsWith("silent."));
  }

  private static JsonNode report(Object... words) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("analyze", "--json", "--debug-dir", "../testdata/symbols"));
    Stream.of(words).map(Object::toString).forEach(command::add);
    CommandRun run = CommandRun.of(command.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    return new ObjectMapper().readTree(run.out());
  }
}
