package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.input.Coverage;
import dropsite.analyze.input.EventReader;
import dropsite.analyze.input.Recordings;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.RecordedKernel;
import dropsite.capture.Losses;
import dropsite.capture.file.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

    List<StackEvent> events = Capture.read(file);
    assertThat(events)
        .extracting(StackEvent::facts)
        .isEqualTo(json.events().stream().map(StackEvent::facts).toList());
    assertThat(events)
        .extracting(StackEvent::frames)
        .isEqualTo(json.events().stream().map(StackEvent::frames).toList());

    KernelFacts kernel = RecordedKernel.in(file);
    assertThat(kernel.source()).isEqualTo(file.toString());
    assertThat(kernel)
        .usingRecursiveComparison()
        .ignoringFields("source")
        .ignoringCollectionOrder()
        .isEqualTo(json.kernel());
  }

  @ParameterizedTest
  @CsvSource("6.12")
  void lossesNotesAndWhatIsMissingAreTold(String name) throws IOException {
    Path file = folder.resolve("x.drops.pcapng");
    CaptureFileOf.write(
        Capture.of(name).folder(), file, Compression.NONE, new Losses(1000, 0, 7, 5, 3, 2, 0, 0));
    assertThat(coverage(file))
        .isEqualTo(
            new Coverage(
                15L,
                List.of("the lab recorded no rules"),
                List.of(
                    "7 events are lost: they came faster than they were read (--buffer)",
                    "5 events were left out to protect the box (--max-rate)",
                    "3 events are lost: the probe was busy on the same CPU",
                    "2 events have a stack that goes on beyond what was recorded")));

    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThat(coverage(file).lost()).isNull();
    assertThat(coverage(file).missing()).singleElement().asString().startsWith("the file ends in");
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
