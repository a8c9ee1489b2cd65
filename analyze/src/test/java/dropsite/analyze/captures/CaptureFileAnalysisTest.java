package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.input.Coverage;
import dropsite.analyze.input.EventReader;
import dropsite.analyze.input.PacketSummary;
import dropsite.analyze.input.Recordings;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.input.Texts;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.RecordedKernel;
import dropsite.capture.Losses;
import dropsite.capture.file.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A capture file says of drops what JSON events of the same drops say. */
final class CaptureFileAnalysisTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  private Path folder;

  @ParameterizedTest
  @CsvSource({"6.1, NONE", "6.12, NONE", "6.12, GZIP", "6.12, ZSTD"})
  void eventsAndKernelAreThoseOfTheJson(String name, Compression compression) throws IOException {
    Capture json = Capture.of(name);
    Path file = folder.resolve("x.drops.pcapng");
    CaptureFileOf.write(json.folder(), file, compression, Losses.NONE);

    List<StackEvent> events = Texts.events(file);
    assertThat(events)
        .extracting(StackEvent::facts)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("drop", "release")
        .isEqualTo(json.events().stream().map(StackEvent::facts).toList());
    assertThat(events)
        .extracting(StackEvent::frames)
        .isEqualTo(json.events().stream().map(StackEvent::frames).toList());

    KernelFacts kernel = RecordedKernel.in(file);
    assertThat(kernel.source()).isEqualTo(file.toString());
    assertThat(kernel)
        .usingRecursiveComparison()
        .ignoringFields("source", "kallsyms.source")
        .ignoringCollectionOrder()
        .isEqualTo(json.kernel());
  }

  @Test
  void equalStacksShareTheirFramesByWhichTheyAreTold() throws IOException {
    Path file = folder.resolve("x.drops.pcapng");
    CaptureFileOf.write(Capture.of("6.12").folder(), file, Compression.NONE, Losses.NONE);
    List<List<StackFrame>> stacks = Texts.events(file).stream().map(StackEvent::frames).toList();
    Set<List<StackFrame>> same = Collections.newSetFromMap(new IdentityHashMap<>());
    same.addAll(stacks);
    assertThat(same).hasSize(Set.copyOf(stacks).size()).hasSizeLessThan(stacks.size());
  }

  @ParameterizedTest
  @CsvSource("6.12")
  void lossesNotesAndWhatIsMissingAreTold(String name) throws IOException {
    Path file = folder.resolve("x.drops.pcapng");
    CaptureFileOf.write(
        Capture.of(name).folder(), file, Compression.NONE, new Losses(1000, 0, 7, 5, 3, 2, 0, 0));
    assertThat(coverage(file))
        .usingRecursiveComparison()
        .ignoringFields("extents")
        .isEqualTo(
            new Coverage(
                15L,
                0L,
                Map.of(),
                List.of("the lab recorded no rules"),
                List.of(
                    "7 events are lost: they came faster than they were read (--buffer)",
                    "5 events were left out to protect the box (--max-rate)",
                    "3 events are lost: the probe was busy on the same CPU",
                    "2 events have a stack that goes on beyond what was recorded"),
                0L,
                false));

    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThat(coverage(file).lost()).isNull();
    assertThat(coverage(file).cut()).isTrue();
    assertThat(coverage(file).missing()).singleElement().asString().startsWith("the file ends in");
  }

  @Test
  @Tag("peers")
  void filteredCaptureStillSaysWhereAndWhy() throws Exception {
    Capture json = Capture.of("6.12");
    Path file = folder.resolve("x.drops.pcapng");
    CaptureFileOf.write(json.folder(), file, Compression.NONE, Losses.NONE);
    Path filtered = folder.resolve("filtered.pcapng");
    run(
        "tshark",
        "-r",
        file.toString(),
        "-Y",
        "udp.dstport == 105 and not icmp",
        "-w",
        filtered.toString());

    List<StackEvent> expected =
        json.events().stream()
            .filter(event -> {
              PacketSummary packet = event.facts().packet();
              return packet != null
                  && packet.protocol().equals("UDP")
                  && packet.destinationPort() == 105;
            })
            .toList();
    assertThat(expected).isNotEmpty();
    assertThat(Texts.events(filtered))
        .extracting(StackEvent::facts)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("drop", "release")
        .isEqualTo(expected.stream().map(StackEvent::facts).toList());
    assertThat(Texts.events(filtered))
        .extracting(StackEvent::frames)
        .isEqualTo(expected.stream().map(StackEvent::frames).toList());
    assertThat(RecordedKernel.in(filtered))
        .usingRecursiveComparison()
        .ignoringFields("source", "kallsyms.source")
        .ignoringCollectionOrder()
        .isEqualTo(json.kernel());
    assertThat(coverage(filtered).missing())
        .singleElement()
        .asString()
        .contains("lost its custom blocks");
  }

  @Test
  void lossesNotesAndMissingEventsAreOfTheBootThatIsRead() throws IOException {
    Path first = folder.resolve("1.drops.pcapng");
    Path second = folder.resolve("2.drops.pcapng");
    CaptureFileOf.write(Capture.of("6.12").folder(), first, Compression.NONE, Losses.NONE);
    CaptureFileOf.write(
        Capture.of("6.1").folder(), second, Compression.NONE, new Losses(0, 0, 5, 0, 0, 0, 0, 0));
    // Sections of pcapng follow each other.
    Path both = folder.resolve("both.pcapng");
    Files.write(both, Files.readAllBytes(first));
    Files.write(both, Files.readAllBytes(second), StandardOpenOption.APPEND);
    assertThat(coverage(both).lost()).isZero();
    assertThat(coverage(both).missing()).noneMatch(sentence -> sentence.contains("lost"));
    assertThat(coverage(second).lost()).isEqualTo(5);
  }

  @Test
  @Tag("peers")
  void ofMergedCapturesTheFirstBootIsAnalyzed() throws Exception {
    Path first = folder.resolve("1.drops.pcapng");
    Path second = folder.resolve("2.drops.pcapng");
    CaptureFileOf.write(Capture.of("6.12").folder(), first, Compression.NONE, Losses.NONE);
    CaptureFileOf.write(Capture.of("6.1").folder(), second, Compression.NONE, Losses.NONE);
    Path merged = folder.resolve("merged.pcapng");
    run("mergecap", "-w", merged.toString(), first.toString(), second.toString());

    assertThat(Texts.events(merged))
        .extracting(StackEvent::facts)
        .isEqualTo(Texts.events(first).stream().map(StackEvent::facts).toList());
    assertThat(RecordedKernel.in(merged).release()).isEqualTo("6.12.117+deb12-cloud-amd64");
    assertThat(coverage(merged).missing())
        .singleElement()
        .asString()
        .startsWith(Texts.events(second).size() + " events are of another boot");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  private static Coverage coverage(Path file) throws IOException {
    try (EventReader reader = Recordings.open("x", Files.newInputStream(file))) {
      while (reader.next() != null) {
        // Only what is said at the end counts.
      }
      return reader.coverage();
    }
  }
}
