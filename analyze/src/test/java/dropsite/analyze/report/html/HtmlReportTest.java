package dropsite.analyze.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.report.BoxReport;
import dropsite.analyze.report.Environment;
import dropsite.analyze.report.EventTable;
import dropsite.analyze.report.Finding;
import dropsite.analyze.report.Ranking;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.SourceNames;
import dropsite.analyze.report.Totals;
import dropsite.capture.host.SnapshotPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

final class HtmlReportTest {
  private static final String HARM =
      "<img src=x onerror=alert(1)>\u001b[31m\u202ereversed</script><script>alert(2)</script>\"'`";

  /** What is shown of it. */
  private static final String SHOWN =
      "<img src=x onerror=alert(1)>\\x1b[31m\\u202ereversed</script>";

  private static final int MOST_BYTES = 10_000_000;

  @Test
  void packetsLostSilentlyAreToldWithoutStackTimelineOrFlameGraph() throws IOException {
    Document page = page(List.of(silent("a1", "listen queue full", List.of())), Box.UNKNOWN);
    assertThat(page.select("h1").text()).isEqualTo("12 packets lost silently");
    assertThat(page.select("#finding-a1 h3").text()).contains("listen queue full");
    assertThat(page.select("#finding-a1 .stack, #timeline, #flames, #packets")).isEmpty();
    assertThat(page.select("script:not([type])")).hasSize(1);
  }

  @Test
  void packetsThatAreInDoubtAreInDoubtInTheHeadlineToo() throws IOException {
    Finding doubted = silent("a1", "listen queue full", List.of(), Confidence.LOW);
    Document page = page(List.of(doubted), Box.UNKNOWN);
    assertThat(page.select("h1").text()).isEqualTo("Perhaps 12 packets lost silently");
  }

  @Test
  void whatExplainsADropIsThereWithItsPlaceItsCounterAndItsCommands() throws IOException {
    Attribution rule =
        new Attribution(
            Attribution.Kind.RULE,
            "-A INPUT -p udp --dport 53 -j DROP",
            "filter",
            "INPUT",
            "7",
            5L,
            Confidence.HIGH,
            List.of("its counter moved"),
            List.of(new NextStep("iptables -D INPUT 7", "takes it out")));
    Document page = page(List.of(silent("a1", "a rule", List.of(rule))), Box.UNKNOWN);
    assertThat(page.select("#finding-a1 .cause").text())
        .contains("-A INPUT -p udp --dport 53 -j DROP", "high confidence", "INPUT", "+5")
        .contains("its counter moved", "iptables -D INPUT 7", "takes it out");
    assertThat(page.select("#findings-table").text()).contains("--dport 53 -j DROP");
  }

  @Test
  void namesThatMeanHarmStandThereAsText() throws IOException {
    String longRule = HARM + "x".repeat(65_536);
    Attribution rule =
        new Attribution(
            Attribution.Kind.RULE,
            longRule,
            HARM,
            HARM,
            HARM,
            null,
            Confidence.LOW,
            List.of(HARM),
            List.of(new NextStep(HARM, HARM)));
    SnapshotPart part =
        new SnapshotPart(
            HARM,
            SnapshotPart.Phase.BEFORE,
            0,
            0,
            HARM,
            (HARM + "\n\tsecond line").getBytes(StandardCharsets.UTF_8),
            true,
            HARM);
    Namespace space = new Namespace(1, List.of(HARM), false, List.of(), Map.of());
    Box box = new Box(HARM, "boot", HARM, HARM, HARM, Map.of(1L, space), List.of(part));
    Document page = page(List.of(silent("a1", HARM, List.of(rule))), box);
    assertThat(page.select("img")).isEmpty();
    assertThat(page.select("script:not([type])")).hasSize(1);
    for (String place :
        List.of(
            "#finding-a1 h3",
            "#finding-a1 .rule",
            "#finding-a1 .command",
            "#finding-a1 .why",
            "#findings-table",
            ".panel",
            ".box h3",
            ".part summary",
            ".part pre",
            ".said.warning")) {
      assertThat(page.select(place).text()).as(place).contains(SHOWN);
    }
    assertThat(page.select("#finding-a1 .rule").text()).contains("x".repeat(65_536));
  }

  @Test
  void noBoxCanMakeAPageThatIsTooLarge() throws IOException {
    Attribution rule =
        new Attribution(
            Attribution.Kind.RULE,
            "<".repeat(65_536),
            null,
            null,
            null,
            null,
            Confidence.LOW,
            Collections.nCopies(1000, "&".repeat(10_000)),
            List.of());
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      findings.add(silent("a" + i, "drop " + i, Collections.nCopies(8, rule)));
    }
    SnapshotPart part =
        new SnapshotPart("nft", SnapshotPart.Phase.AFTER, 0, 0, "", new byte[1 << 20], true, "");
    Box box = new Box("", "", "", "", "", Map.of(), Collections.nCopies(500, part));
    String html = written(findings, box);
    assertThat(html.length()).isLessThan(MOST_BYTES);
    assertThat(PageText.checked(html).text())
        .contains("1,750 findings of fewer events not in this page", " more)", "100 more parts");
  }

  @Test
  void aReportWithoutFindingsIsAPageToo() throws IOException {
    Document page = page(List.of(), Box.UNKNOWN);
    assertThat(page.select("h1").text()).isEqualTo("No packet was lost");
    assertThat(page.select("#findings").text()).contains("There are no findings");
  }

  private static Finding silent(String id, String title, List<Attribution> attributions) {
    return silent(id, title, attributions, Confidence.HIGH);
  }

  private static Finding silent(
      String id, String title, List<Attribution> attributions, Confidence confidence) {
    return new Finding(
        id,
        0,
        new Classification(
            "silent.listen",
            Severity.DROP,
            confidence,
            title,
            "what it means",
            null,
            List.of("a counter moved"),
            List.of()),
        null,
        12,
        null,
        null,
        List.of(),
        null,
        attributions,
        Ranking.EMPTY,
        Ranking.EMPTY,
        Ranking.EMPTY,
        Ranking.EMPTY);
  }

  private static Document page(List<Finding> findings, Box box) throws IOException {
    return PageText.checked(written(findings, box));
  }

  private static String written(List<Finding> findings, Box box) throws IOException {
    KernelImage none = KernelImage.of(null, Map.of(), KernelFacts.NONE, false);
    Environment environment =
        new Environment(
            null,
            null,
            null,
            null,
            false,
            null,
            false,
            List.of(),
            List.of(box.hostName()),
            List.of());
    BoxReport boxReport =
        new BoxReport(
            box.hostName(), List.of("drops.txt"), box, environment, SourceNames.of(none, false));
    long silent = findings.stream().mapToLong(Finding::count).sum();
    Report report =
        new Report(
            List.of(boxReport),
            new Totals(0, null, 0, silent, null, null, false, null),
            findings,
            new EventTable(),
            List.of());
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    new HtmlReport().write(output, report);
    return output.toString(StandardCharsets.UTF_8);
  }
}
