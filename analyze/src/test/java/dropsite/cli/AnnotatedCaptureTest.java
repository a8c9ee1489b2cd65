package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.command.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Annotated captures, redacted reports and merged captures, of a recording of the lab. */
final class AnnotatedCaptureTest {
  private static final String CAPTURE = "../testdata/captures/lab-6.12/rules.drops.pcapng.gz";
  private static final String OTHER = "../testdata/captures/lab-6.12/tracefs.drops.pcapng.gz";
  private static final String TEXT = "../testdata/captures/6.12/text/nft_output_drop.bpftrace.txt";

  @TempDir private Path folder = Path.of("");

  private String target(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void annotatedCaptureTellsTheSameAsTheCapture() {
    String target = target("told.pcapng");
    CommandRun run = CommandRun.of("analyze", "--pcapng", target, CAPTURE);
    assertThat(run.err()).isEmpty();
    assertThat(CommandRun.of("analyze", target).out())
        .isEqualTo(run.out().replace(CAPTURE, target));
  }

  @ParameterizedTest
  @ValueSource(strings = {TEXT, "-"})
  void whatHasNoPacketsIsRefusedInOneLine(String recording) {
    CommandRun run = CommandRun.of("analyze", "--pcapng", target("x.pcapng"), recording);
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).hasLineCount(1).contains("--pcapng");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void nothingIsWrittenOver() throws IOException {
    Path copy = Files.copy(Path.of(CAPTURE), folder.resolve("x.pcapng.gz"));
    CommandRun run = CommandRun.of("analyze", "--pcapng", copy.toString(), copy.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).isEqualTo("dropsite analyze: " + copy + ": exists already\n");
    assertThat(copy).hasSameBinaryContentAs(Path.of(CAPTURE));
  }

  @Test
  void noFaceOfARedactedReportTellsWhatRedactionHides() throws IOException {
    Path named = Files.copy(Path.of(CAPTURE), folder.resolve("secret-host.drops.pcapng.gz"));
    List<String> secrets = List.of("10.1.0.2", "10.2.0.2", "\"tg\"", "\"h1\"", "secret-host");
    assertThat(CommandRun.of("analyze", "--json", named.toString()).out()).contains(secrets);
    List<String> once = redactedFaces(named, folder.resolve("once.pcapng"));
    List<String> again = redactedFaces(named, folder.resolve("again.pcapng"));
    assertThat(once.getLast()).contains("\"class\": \"netfilter");
    for (int face = 0; face < once.size(); face++) {
      // By chance a key maps a short name, or an address, to itself; hardly two keys do.
      String both = again.get(face);
      assertThat(secrets.stream().filter(once.get(face)::contains).filter(both::contains))
          .isEmpty();
    }
  }

  private static List<String> redactedFaces(Path capture, Path target) throws IOException {
    String name = capture.toString();
    String text = CommandRun.of("analyze", "--redact", "--pcapng", target.toString(), name).out();
    return List.of(
        text,
        CommandRun.of("analyze", "--redact", "--json", name).out(),
        Files.readString(target, StandardCharsets.ISO_8859_1),
        CommandRun.of("analyze", "--json", target.toString()).out());
  }

  @Test
  void mergedCapturesAreToldBoxByBox() {
    String target = target("merged.drops.pcapng.gz");
    CommandRun merge = CommandRun.of("merge", "-o", target, CAPTURE, OTHER);
    assertThat(merge).isEqualTo(new CommandRun(0, "", ""));
    CommandRun apart = CommandRun.of("analyze", CAPTURE, OTHER);
    CommandRun merged = CommandRun.of("analyze", target);
    assertThat(merged.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(merged.out().lines().findFirst()).isEqualTo(apart.out().lines().findFirst());

    CommandRun again = CommandRun.of("merge", "-o", target, CAPTURE);
    assertThat(again.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(again.err()).hasLineCount(1).contains("exists already (--force replaces it)");
    assertThat(CommandRun.of("merge", "--force", "-o", target, CAPTURE).exitCode()).isZero();
    CommandRun itself = CommandRun.of("merge", "--force", "-o", target, target);
    assertThat(itself.err()).hasLineCount(1).contains("would be written over");
    assertThat(CommandRun.of("analyze", target).exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void whatIsNoCaptureIsNotMerged() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty"));
    for (String wrong :
        List.of(TEXT, empty.toString(), folder.toString(), target("nowhere"), "-")) {
      CommandRun run = CommandRun.of("merge", "-o", target("out"), CAPTURE, wrong);
      assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(run.err()).hasLineCount(1);
      assertThat(folder.resolve("out")).doesNotExist();
    }
    assertThat(CommandRun.of("merge", CAPTURE).exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("merge", "--force", "-o", "/dev/full", CAPTURE).err())
        .isEqualTo("dropsite merge: /dev/full: is not a regular file\n");
  }

  @Test
  @Tag("peers")
  void tsharkShowsTheCommentOfEachPacket() throws IOException, InterruptedException {
    for (String name : List.of("told.pcapng", "told.pcapng.gz")) {
      String target = target(name);
      assertThat(CommandRun.of("analyze", "--pcapng", target, CAPTURE).exitCode()).isZero();
      String shown = output("tshark", "-r", target, "-T", "fields", "-e", "frame.comment");
      assertThat(shown.lines().filter(line -> line.startsWith("[")))
          .hasSize(8)
          .allMatch(line -> line.matches("\\[\\d+\\] .+\\((high|medium|low)\\).* at .+"));
      assertThat(output("capinfos", target)).contains("Number of packets:   8");
    }
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return text;
  }
}
