package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.classify.DocTables;
import dropsite.analyze.kernel.KernelImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every labelled scenario of the recorded drops gets its class, and nothing else is claimed. */
final class LabTruthTest {

  @Test
  void byTheShippedSymbolsAndAsTheDocumentSays() throws IOException {
    Capture capture = Capture.of("6.12");
    try (KernelImage image = RecordedDropsTest.shipped(capture)) {
      LabTruth truth = LabTruth.of(capture, Capture.classify(image, capture.events()));
      check(truth, 42);
      List<String> lines = new ArrayList<>();
      lines.add("| Scenario | Set up | Found: events, class, confidence | Right |");
      lines.add("|---|---|---|---|");
      lines.addAll(truth.rows());
      DocTables.check("truth", lines);
    }
  }

  @Test
  @Tag("kernels")
  void byTheKernelTheyWereTunedOn() throws IOException {
    Capture capture = Capture.of("6.1");
    try (KernelImage image = RecordedDropsTest.debugPackage(capture.kernel(), "6.1")) {
      check(LabTruth.of(capture, Capture.classify(image, capture.events())), 41);
    }
  }

  private static void check(LabTruth truth, int scenarios) {
    assertThat(truth.rows()).hasSize(scenarios);
    assertThat(truth.right()).isEqualTo(scenarios);
    assertThat(truth.falselySure()).isEmpty();
    // Real drops beside the experiment, each by the kernel's own reason; docs/rules.md names them.
    assertThat(truth.noise().keySet())
        .isSubsetOf(
            "benign route.multicast",
            "drop route.multicast medium",
            "drop socket.none.udp high",
            "drop neighbour.failed high");
  }
}
