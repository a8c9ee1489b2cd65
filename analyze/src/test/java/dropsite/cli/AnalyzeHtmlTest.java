package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.report.html.PageText;
import dropsite.command.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnalyzeHtmlTest {
  private static final String VMLINUX =
      "../testdata/symbols/vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz";
  private static final String CAPTURES = "../testdata/captures/";

  @TempDir private Path folder = Path.of("");

  @Test
  void aCaptureBecomesAPageWithAllThatItTells() throws IOException {
    Document page = page("--vmlinux", VMLINUX, CAPTURES + "lab-6.12/bpf.drops.pcapng.gz");
    assertThat(page.select("h1").text()).endsWith(" packets dropped");
    assertThat(page.select("#chart .slot rect")).isNotEmpty();
    int findings = page.select("#findings-table tbody tr").size();
    assertThat(findings).isGreaterThan(20);
    assertThat(page.select("article.finding")).hasSize(findings);
    assertThat(page.select("article.finding .stack .line a[href]")).isNotEmpty();
    assertThat(page.select("#packets-table tbody tr")).hasSizeGreaterThan(100);
    assertThat(page.select("#environment .part pre")).isNotEmpty();
    assertThat(page.select("#environment").text()).contains("6.12.117+deb12-cloud-amd64");
    assertThat(page.select("#data").html()).contains("\"slots\"").doesNotContain("<");
  }

  @Test
  void theFirstSentencesAreAsSureAsTheReportIs() throws IOException {
    String capture = CAPTURES + "explain-6.12/network.bpf.drops.pcapng.gz";
    Document page = page("--vmlinux", VMLINUX, capture);
    CommandRun text = CommandRun.of("analyze", "--vmlinux", VMLINUX, capture);
    String share = text.out().replaceFirst("(?s).*?\n\\[1\\]\\s+\\d+\\s+(\\d+%).*", "$1");
    assertThat(page.select(".lead").text())
        .startsWith("Most often (" + share + " of ")
        .contains("perhaps because of net.core.rmem_default")
        .doesNotContain("QDISC_DROP");
    assertThat(page.select(".panel[aria-label=Why]").text())
        .contains("perhaps net.core.rmem_default", "probably net.core.netdev_max_backlog");

    Document few = page("--vmlinux", VMLINUX, "--min-count", "3", capture);
    CommandRun told = CommandRun.of("analyze", "--vmlinux", VMLINUX, "--min-count", "3", capture);
    String head = told.out().lines().findFirst().orElseThrow();
    for (String word : List.of("silently", "without loss")) {
      String figure = few.select(".figure:contains(" + word + ") b").text();
      assertThat(head)
          .contains(figure + (word.equals("silently") ? " packets lost without" : " benign"));
    }
  }

  @Test
  void pagesAreForTheirOwnerUnlessTheFileIsForOthers() throws IOException {
    Path page = folder.resolve("page.html");
    String capture = CAPTURES + "lab-6.12/rules.drops.pcapng.gz";
    CommandRun.of("analyze", "--html", page.toString(), capture);
    assertThat(Files.getPosixFilePermissions(page))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(page, PosixFilePermissions.fromString("rw-rw----"));
    CommandRun.of("analyze", "--html", page.toString(), capture);
    assertThat(Files.getPosixFilePermissions(page))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
  }

  @Test
  void whatALinkLeadsToIsAPageLikeAnyOther() throws IOException {
    Path page = folder.resolve("page.html");
    Path link = Files.createSymbolicLink(folder.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(folder.resolve("b"), page);
    String capture = CAPTURES + "lab-6.12/rules.drops.pcapng.gz";
    CommandRun.of("analyze", "--html", link.toString(), capture);
    assertThat(Files.getPosixFilePermissions(page))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    Object before = Files.readAttributes(page, BasicFileAttributes.class).fileKey();
    Path kept = Files.createLink(folder.resolve("kept"), page);
    CommandRun.of("analyze", "--html", link.toString(), capture);
    assertThat(link).isSymbolicLink().content().contains("</html>");
    assertThat(Files.readAttributes(page, BasicFileAttributes.class).fileKey())
        .isNotEqualTo(before);
    assertThat(kept).content().contains("</html>");

    Files.delete(page);
    CommandRun twice =
        CommandRun.of("analyze", "--html", link.toString(), "--pcapng", page.toString(), capture);
    assertThat(twice.err()).contains("would be written twice");
    assertThat(page).doesNotExist();

    Files.createSymbolicLink(page, link);
    CommandRun round = CommandRun.of("analyze", "--html", link.toString(), capture);
    assertThat(round.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(round.err()).hasLineCount(1);
  }

  @Test
  void onePathIsNotWrittenTwice() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    Path page = folder.resolve("page");
    CommandRun run =
        CommandRun.of(
            "analyze",
            "--html",
            page.toString(),
            "--pcapng",
            link.resolve("page").toString(),
            CAPTURES + "lab-6.12/rules.drops.pcapng.gz");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("would be written twice");
    assertThat(page).doesNotExist();
  }

  @Test
  void aTextWithoutTimesAndPacketsBecomesAPageToo() throws IOException {
    Path text = folder.resolve("stack.txt");
    Files.writeString(text, "kfree_skb+1\n__ip_local_out+219\nip_local_out+29\n");
    Document page = page(text.toString());
    assertThat(page.select("h1").text()).isEqualTo("1 packet dropped");
    assertThat(page.select(".when").text()).contains("No times were recorded");
    assertThat(page.select("#timeline")).isEmpty();
    assertThat(page.select("#flames, article.finding .stack")).isNotEmpty();
  }

  @Test
  void severalBoxesAreToldApart() throws IOException {
    Document page =
        page(
            CAPTURES + "lab-6.1/rules.drops.pcapng.gz",
            CAPTURES + "lab-6.12/rules.drops.pcapng.gz");
    assertThat(page.select("#environment .box")).hasSize(2);
    assertThat(page.select("#environment").text()).contains("6.1.", "6.12.117+deb12-cloud-amd64");
  }

  @Test
  void namesOfTasksAndDevicesThatMeanHarmStandThereAsText() throws IOException {
    List<String> lines = new ArrayList<>();
    String event = Files.readAllLines(Path.of(CAPTURES, "6.12", "events.jsonl")).getFirst();
    lines.add(
        event
            .replaceAll("\"comm\": \"[^\"]*\"", "\"comm\": \"<b>\\\\u001b[2J</b>\"")
            .replaceAll("\"ifname\": \"[^\"]*\"", "\"ifname\": \"</script>\\\\u202e\""));
    Path events = Files.write(folder.resolve("events.jsonl"), lines);
    Files.copy(Path.of(CAPTURES, "6.12", "kernel.json"), folder.resolve("kernel.json"));
    Document page = page(events.toString());
    assertThat(page.select("b").eachText()).noneMatch(text -> text.contains("2J"));
    assertThat(page.select("#packets-table").text())
        .contains("<b>\\x1b[2J</b>", "</script>\\u202e");
  }

  @Test
  void thousandsOfEventsAreCountedButNotAllListed() throws IOException {
    String event = Files.readAllLines(Path.of(CAPTURES, "6.12", "events.jsonl")).getFirst();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      lines.add(event.replaceAll("\"comm\": \"[^\"]*\"", "\"comm\": \"task" + i + "\""));
    }
    Path events = Files.write(folder.resolve("events.jsonl"), lines);
    Files.copy(Path.of(CAPTURES, "6.12", "kernel.json"), folder.resolve("kernel.json"));
    Document page = page(events.toString());
    assertThat(page.select("h1").text()).isEqualTo("4,000 packets dropped");
    assertThat(page.select("#packets-table tbody tr")).hasSizeLessThan(3001);
    assertThat(page.select("#packets").text()).contains("more are in the recordings");
  }

  @Test
  void noRecordingIsWrittenOver() throws IOException {
    Path text = folder.resolve("stack.txt");
    Files.writeString(text, "kfree_skb+1\n__ip_local_out+219\nip_local_out+29\n");
    CommandRun run = CommandRun.of("analyze", "--html", text.toString(), text.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains("would be written over");
    assertThat(Files.readString(text)).startsWith("kfree_skb+1");
  }

  @Test
  void noOtherCaptureIsWrittenOver() throws IOException {
    Path capture = Path.of(CAPTURES, "lab-6.12/rules.drops.pcapng.gz");
    Path packed = Files.copy(capture, folder.resolve("packed"));
    Path plain = folder.resolve("plain");
    try (InputStream input = new GZIPInputStream(Files.newInputStream(capture))) {
      Files.write(plain, input.readAllBytes());
    }
    for (Path other : List.of(packed, plain)) {
      byte[] before = Files.readAllBytes(other);
      CommandRun run =
          CommandRun.of(
              "analyze", "--html", other.toString(), CAPTURES + "lab-6.12/tracefs.drops.pcapng.gz");
      assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(run.err()).hasLineCount(1).contains(other + ": begins like a recording");
      assertThat(other).hasBinaryContent(before);
    }
  }

  @Test
  void whatIsNoRegularFileIsWrittenIntoAndNothingElseIsTouched() throws IOException {
    Path recording = folder.resolve("stack.txt");
    Files.writeString(recording, "kfree_skb+1\n__ip_local_out+219\nip_local_out+29\n");
    Path other = Files.writeString(folder.resolve("report.html.part"), "mine");
    Path page = folder.resolve("report.html");
    Path link = Files.createSymbolicLink(folder.resolve("link.html"), folder.resolve("real.html"));
    for (Path target : List.of(page, link, Path.of("/dev/null"))) {
      CommandRun run = CommandRun.of("analyze", "--html", target.toString(), recording.toString());
      assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    }
    assertThat(page).content().contains("</html>");
    assertThat(other).hasContent("mine");
    assertThat(link).isSymbolicLink().content().contains("</html>");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(5);
    }
  }

  @Test
  void troubleNamesTheFileThatWasAskedFor() throws IOException {
    Path recording = folder.resolve("stack.txt");
    Files.writeString(recording, "kfree_skb+1\n__ip_local_out+219\nip_local_out+29\n");
    Path page = folder.resolve("nowhere").resolve("page.html");
    CommandRun run = CommandRun.of("analyze", "--html", page.toString(), recording.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).isEqualTo("dropsite analyze: " + page + ": there is no such folder\n");
  }

  @Test
  void reportsThatWouldShareStandardOutputAreRefused() throws IOException {
    Path recording = folder.resolve("stack.txt");
    Files.writeString(recording, "kfree_skb+1\n__ip_local_out+219\nip_local_out+29\n");
    for (List<String> both :
        List.of(
            List.of("--json", "--markdown"),
            List.of("--html", "-"),
            List.of("--pcapng", "-"),
            List.of("--json", "--html", "/dev/stdout"))) {
      List<String> words = new ArrayList<>(List.of("analyze", recording.toString()));
      words.addAll(1, both);
      CommandRun run = CommandRun.of(words.toArray(String[]::new));
      assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
      assertThat(run.out()).isEmpty();
    }
  }

  @Test
  void aFullDiskIsSaidInOneLine() throws IOException {
    Path recording = folder.resolve("stack.txt");
    Files.writeString(recording, "kfree_skb+1\n__ip_local_out+219\nip_local_out+29\n");
    CommandRun run = CommandRun.of("analyze", "--html", "/dev/full", recording.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).hasLineCount(1).contains("cannot write to /dev/full: ");
  }

  private Document page(String... arguments) throws IOException {
    Path file = folder.resolve("report.html");
    List<String> words = new ArrayList<>(List.of("analyze", "--html", file.toString()));
    words.addAll(Arrays.asList(arguments));
    CommandRun run = CommandRun.of(words.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    try (var files = Files.list(folder)) {
      assertThat(files).noneMatch(each -> each.toString().endsWith(".part"));
    }
    return PageText.checked(Files.readString(file));
  }
}
