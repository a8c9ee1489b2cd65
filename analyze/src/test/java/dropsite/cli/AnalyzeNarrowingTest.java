package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.analyze.captures.EditedCapture;
import dropsite.capture.file.CaptureRecord;
import dropsite.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of recordings is told, by what was asked for; and recordings of several boxes. */
final class AnalyzeNarrowingTest {
  private static final String SYMBOLS = "../testdata/symbols";
  private static final String NEW = "../testdata/captures/lab-6.12/bpf.drops.pcapng.gz";
  private static final String OLD = "../testdata/captures/lab-6.1/bpf.drops.pcapng.gz";
  private static final String RULES = "../testdata/captures/lab-6.12/rules.drops.pcapng.gz";

  @TempDir private Path folder = Path.of("");

  @Test
  void classesStandForTheirChildren() throws IOException {
    JsonNode report = report(NEW, "--class", "netfilter,qdisc");
    assertThat(classes(report)).contains("netfilter.ip.output", "qdisc");
    assertThat(classes(report)).allMatch(id -> id.equals("qdisc") || id.startsWith("netfilter"));
    assertThat(report.get("events").size()).isEqualTo(report.get("totals").get("events").asInt());
  }

  @Test
  void reasonsGoByNameOrNumber() throws IOException {
    JsonNode byName = report(NEW, "--reason", "SKB_DROP_REASON_NO_SOCKET");
    assertThat(byName.get("findings")).isNotEmpty();
    byName
        .get("findings")
        .forEach(finding -> assertThat(finding.get("reason").asText()).isEqualTo("NO_SOCKET"));
    assertThat(report(NEW, "--reason", "NO_SOCK*").get("totals")).isEqualTo(byName.get("totals"));
  }

  @Test
  void namespacesTasksAndTimesNarrow() throws IOException {
    int all = report(NEW).get("events").size();
    int inB = report(NEW, "--netns", "b").get("events").size();
    int byTg = report(NEW, "--comm", "tg").get("events").size();
    int late = report(NEW, "--since", "+2s").get("events").size();
    int early = report(NEW, "--until", "+2s").get("events").size();
    assertThat(inB).isBetween(1, all - 1);
    assertThat(byTg).isBetween(1, all - 1);
    assertThat(late).isBetween(1, all - 1);
    assertThat(late + early).isEqualTo(all);
  }

  @Test
  void whatIsLeftOutIsSaid() {
    CommandRun run =
        CommandRun.of("analyze", "--debug-dir", SYMBOLS, "--min-count", "5", "--no-benign", NEW);
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out().replaceAll("\\s+", " ")).containsOnlyOnce("left out");
    CommandRun none = CommandRun.of("analyze", "--comm", "nobody", NEW);
    assertThat(none.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(none.err()).contains("events left out: not asked for").doesNotContain("no stack");
  }

  @Test
  void boxesWithoutHostNameGoByTheirBoot() throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonNode box : report(NEW, OLD).get("boxes")) {
      names.add(box.get("name").asText());
      assertThat(names.getLast()).isEqualTo("boot-" + box.get("bootId").asText().substring(0, 8));
    }
    assertThat(names).hasSize(2).doesNotHaveDuplicates();
    JsonNode one = report("--host", names.getLast(), NEW, OLD).get("boxes");
    assertThat(one).hasSize(1);
    assertThat(one.get(0).get("name").asText()).isEqualTo(names.getLast());
  }

  @Test
  void timesMayHaveAnOffsetOrAreUtcAsReportsPrintThem() {
    Instant utc = Instant.parse("2026-11-21T20:00:00Z");
    for (String text :
        List.of(
            "2026-11-21T20:00:00Z",
            "2026-11-21 20:00:00 UTC",
            "2026-11-21 20:00",
            "2026-11-21T15:00-05:00",
            "2026-11-21 15:00:00.000 -05:00",
            "2026-11-21T22:00+02:00")) {
      assertThat(NarrowingOptions.instant(text)).as(text).isEqualTo(utc);
    }
    assertThat(NarrowingOptions.instant("2026-11-21"))
        .isEqualTo(NarrowingOptions.instant("2026-11-21 00:00"))
        .isEqualTo(Instant.parse("2026-11-21T00:00:00Z"));
  }

  @Test
  void wrongTimesAreRefused() {
    CommandRun run = CommandRun.of("analyze", "--since", "yesterday", NEW);
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--since: expected a time such as");
  }

  @Test
  void boxesAreAnalysedEachWithItsOwnKernel() throws IOException {
    JsonNode both = report(NEW, OLD);
    int together = both.get("events").size();
    assertThat(together)
        .isEqualTo(report(NEW).get("events").size() + report(OLD).get("events").size());
    Set<String> ids = new HashSet<>();
    both.get("findings").forEach(finding -> ids.add(finding.get("id").asText()));
    assertThat(ids).hasSameSizeAs(both.get("findings"));
    // Of 6.1 there is no symbol file: its drops have no lines, and are not read with those of 6.12.
    assertThat(classes(both)).contains("netfilter.ip.forward", "unknown");
  }

  @Test
  void partsOfOneRecordingAreOneBox() throws IOException {
    Path copy = Files.copy(Path.of(RULES), folder.resolve("again.pcapng.gz"));
    JsonNode twice = report(RULES, copy.toString());
    JsonNode once = report(RULES);
    assertThat(twice.get("events")).hasSize(2 * once.get("events").size());
    assertThat(twice.get("findings")).hasSameSizeAs(once.get("findings"));
  }

  @Test
  void namesThatStandBehindTheEventsNameThemToo() throws IOException {
    Path names =
        EditedCapture.write(
            Path.of(NEW),
            folder.resolve("late.pcapng"),
            records ->
                Stream.of(false, true)
                    .flatMap(late ->
                        records.stream()
                            .filter(each -> !(each instanceof CaptureRecord.End))
                            .filter(each -> late == each instanceof CaptureRecord.Names))
                    .toList());
    assertThat(report(names.toString(), "--netns", "b").get("events"))
        .hasSameSizeAs(report(NEW, "--netns", "b").get("events"));
  }

  @Test
  void timesAreSinceTheFirstEventOfAllFilesOfABox() throws IOException {
    List<String> files =
        EditedCapture.rotated(Path.of(NEW), folder).reversed().stream()
            .map(Path::toString)
            .toList();
    assertThat(files).hasSizeGreaterThan(1);
    List<String> command = new ArrayList<>(files);
    command.addAll(List.of("--until", "+2s"));
    assertThat(report(command.toArray(String[]::new)).get("events"))
        .hasSameSizeAs(report(NEW, "--until", "+2s").get("events"));
  }

  @Test
  void findingsOfBoxesThatAreAlikeKeepTheirIds() throws IOException {
    String one =
        EditedCapture.ofBox(Path.of(RULES), folder.resolve("1"), "web1", "boot 1").toString();
    String other =
        EditedCapture.ofBox(Path.of(RULES), folder.resolve("2"), "web2", "boot 2").toString();
    Set<String> ids = ids(report(one, other), "web2");
    assertThat(ids).isNotEmpty();
    assertThat(ids(report(other, one), "web2")).isEqualTo(ids);
    assertThat(ids(report(one, other, "--host", "web2"), "web2")).isEqualTo(ids);
    assertThat(ids(report(one, other), "web1")).doesNotContainAnyElementsOf(ids);

    String again =
        EditedCapture.ofBox(Path.of(RULES), folder.resolve("3"), "web2", "boot 3").toString();
    Set<String> both = ids(report(other, again), "web2");
    assertThat(both).hasSize(2 * ids.size()).containsAll(ids);
    assertThat(both).containsAll(ids(report(again, other, "--min-count", "3"), "web2"));
  }

  private static Set<String> ids(JsonNode report, String host) {
    Set<String> ids = new HashSet<>();
    for (JsonNode finding : report.get("findings")) {
      if (report.get("boxes").get(finding.get("box").asInt()).get("name").asText().equals(host)) {
        ids.add(finding.get("id").asText());
      }
    }
    return ids;
  }

  private static Set<String> classes(JsonNode report) {
    Set<String> classes = new HashSet<>();
    report.get("findings").forEach(finding -> classes.add(finding.get("class").asText()));
    return classes;
  }

  private static JsonNode report(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("analyze", "--json", "--debug-dir", SYMBOLS));
    command.addAll(Arrays.asList(arguments));
    CommandRun run = CommandRun.of(command.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    return new ObjectMapper().readTree(run.out());
  }
}
