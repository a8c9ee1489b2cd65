package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.analyze.captures.CaptureFileOf;
import dropsite.capture.Losses;
import dropsite.capture.file.Compression;
import dropsite.command.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A capture file needs nothing beside it: it says itself which kernel it is of. */
final class AnalyzeCaptureFileTest {
  private static final Path CAPTURE = Path.of("../testdata/captures/6.12");
  private static final String VMLINUX =
      "../testdata/symbols/vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz";
  private static final String MODULES = "../testdata/symbols/modules-6.12.117+deb12-cloud-amd64";

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeCapture() throws IOException {
    CaptureFileOf.write(CAPTURE, file(), Compression.GZIP, new Losses(200, 0, 90, 6, 0, 0, 0, 0));
  }

  @Test
  void reportIsThatOfJsonEventsWithTheirKernelBesideThem() throws IOException {
    JsonNode ofFile = report(file());
    JsonNode ofJson = report(CAPTURE.resolve("events.jsonl"));
    assertThat(ofFile.get("findings")).isNotEmpty().isEqualTo(ofJson.get("findings"));
    assertThat(ofFile.get("events")).hasSize(104).isEqualTo(ofJson.get("events"));
    assertThat(ofFile.get("totals").get("lost").longValue()).isEqualTo(96);
    assertThat(ofJson.get("totals").get("lost").isNull()).isTrue();
    assertThat(ofFile.get("environment").get("slide"))
        .isEqualTo(ofJson.get("environment").get("slide"));
    assertThat(ofFile.get("environment").get("notes").get(0).textValue())
        .isEqualTo("the lab recorded no rules");
  }

  @Test
  void lossesNotesAndWhatIsMissingStandInTheText() throws IOException {
    byte[] whole = Files.readAllBytes(file());
    CommandRun run = CommandRun.of("analyze", file().toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out().replaceAll("\\s+", " "))
        .startsWith("104 events: ")
        .contains(
            "96 events lost while recording, beside those told here",
            "note: the lab recorded no rules",
            "kernel: 6.12.117+deb12-cloud-amd64",
            "90 events are lost: they came faster than they were read (--buffer)",
            "6 events were left out to protect the box (--max-rate)");

    Files.write(file(), Arrays.copyOf(whole, whole.length / 2));
    CommandRun cut = CommandRun.of("analyze", file().toString());
    assertThat(cut.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(cut.out().lines().limit(4))
        .noneMatch(line -> line.contains("none lost"))
        .anyMatch(line -> line.startsWith("the recording is cut: "));
    assertThat(cut.out().replaceAll("\\s+", " "))
        .contains("missing: " + file() + ": the file ends in the middle of a block");
  }

  @Test
  void theSameRecordingGivenTwiceIsSaid() throws IOException {
    Path copy = Files.copy(file(), folder.resolve("copy.drops.pcapng.gz"));
    CommandRun run = CommandRun.of("analyze", file().toString(), copy.toString());
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains(
            copy + " and " + file() + " hold the same recording, or parts of it: such events are");
  }

  @Test
  void pcapngOfAnotherProgramIsRefusedInOneLine() throws IOException {
    byte[] header = {
      0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, -1, -1, -1, -1, -1,
      -1, -1, -1, 28, 0, 0, 0
    };
    Files.write(file(), header);
    CommandRun run = CommandRun.of("analyze", file().toString());
    assertThat(run.exitCode()).isNotEqualTo(ExitCode.OK);
    assertThat(run.err()).contains("is pcapng, but no capture of dropsite").hasLineCount(1);
  }

  @Test
  void fileThatIsCutBeforeItsFirstEventSaysSo() throws IOException {
    byte[] packed = Files.readAllBytes(file());
    byte[] whole;
    try (GZIPInputStream input = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      whole = input.readAllBytes();
    }
    int header = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    int first = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(header + 4);

    Files.write(file(), Arrays.copyOf(whole, header + 9));
    CommandRun inInterface = CommandRun.of("analyze", file().toString());
    assertThat(inInterface.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(inInterface.err()).contains("ends in the middle of a block, before").hasLineCount(1);

    Files.write(file(), Arrays.copyOf(whole, header + first + 9));
    CommandRun behindInterface = CommandRun.of("analyze", file().toString());
    assertThat(behindInterface.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(behindInterface.err())
        .contains(file() + ": the file ends in the middle of a block")
        .endsWith("no stack found\n");
  }

  private Path file() {
    return folder.resolve("x.drops.pcapng.gz");
  }

  private static JsonNode report(Path recording) throws IOException {
    CommandRun run =
        CommandRun.of(
            "analyze", "--json", "--vmlinux", VMLINUX, "--modules", MODULES, recording.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    // What names a reason is said with the file that it is from.
    return new ObjectMapper()
        .readTree(
            run.out()
                .replace(recording.toString(), "FILE")
                .replace(CAPTURE.resolve("kernel.json").toString(), "FILE"));
  }
}
