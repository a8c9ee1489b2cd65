package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attributor;
import dropsite.analyze.attribution.DropCase;
import dropsite.analyze.box.Box;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.input.EventReader;
import dropsite.analyze.input.Recordings;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.RecordedKernel;
import dropsite.analyze.network.FreedPackets;
import dropsite.analyze.network.NetworkAttributor;
import dropsite.analyze.network.SilentDrop;
import dropsite.analyze.network.SilentDrops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Drops whose cause still stood when the snapshots were taken: it is named, and nothing else is.
 */
final class NetworkTruthTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CAPTURES = Path.of("..", "testdata", "captures");

  private record Told(StackEvent event, Classification classification) {}

  private record Analysis(Box box, List<Told> told) {}

  @ParameterizedTest
  @ValueSource(strings = {"bpf", "tracefs"})
  void causesAreNamedByTheShippedSymbols(String source) throws IOException {
    Path file = recording("explain-6.12", "network." + source);
    try (KernelImage image = RecordedDropsTest.shipped(RecordedKernel.in(file))) {
      compare(analysis(image, file), truth("explain-6.12"), source, 31);
    }
  }

  @Test
  @Tag("kernels")
  void causesAreNamedOn61() throws IOException {
    Path file = recording("explain-6.1", "network.bpf");
    KernelFacts facts = RecordedKernel.in(file);
    try (KernelImage image = RecordedDropsTest.debugPackage(facts, "6.1")) {
      compare(analysis(image, file), truth("explain-6.1"), "bpf", 31);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lab-6.12/bpf", "lab-6.12/rules", "explain-6.12/firewall.bpf"})
  void nothingButWhatIsTrueIsSilent(String name) throws IOException {
    Path file =
        recording(name.substring(0, name.indexOf('/')), name.substring(name.indexOf('/') + 1));
    List<String> expected =
        name.equals("lab-6.12/bpf")
            ? List.of("silent.listen-overflow", "silent.no-route", "silent.policy")
            : List.of();
    try (KernelImage image = RecordedDropsTest.shipped(RecordedKernel.in(file))) {
      assertThat(silent(analysis(image, file)))
          .extracting(drop -> drop.classification().classId())
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static void compare(Analysis analysis, JsonNode truth, String source, int named) {
    Attributor attributor = new NetworkAttributor();
    List<SilentDrop> silent = silent(analysis);
    List<String> right = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    int silentExpected = 0;
    for (JsonNode scenario : truth.get("scenarios")) {
      String name = scenario.get("scenario").asText();
      String classId = scenario.get("class").asText();
      if (!scenario.get("recording").asText().equals("network")) {
        continue;
      }
      if (classId.startsWith("silent.")) {
        silentExpected++;
        boolean told =
            silent.stream()
                .anyMatch(drop ->
                    drop.classification().classId().equals(classId)
                        && drop.netns() == scenario.get("netns").asLong());
        (told ? right : wrong).add(name);
      }
      if (scenario.get("attributions").isEmpty() || scenario.get("events").get(source).isEmpty()) {
        continue;
      }
      List<Told> events = new ArrayList<>();
      scenario.get("events").get(source).forEach(i -> events.add(analysis.told().get(i.asInt())));
      Told first = events.getFirst();
      List<Attribution> found =
          attributor.attribute(
              new DropCase(
                  first.classification(),
                  null,
                  first.event().facts(),
                  events.size(),
                  analysis.box()));
      boolean isNamed = !found.isEmpty() && isOneOf(found, scenario.get("attributions"));
      boolean innocent =
          found.stream().anyMatch(each -> isInnocent(each, scenario.get("innocent")));
      (isNamed && !innocent ? right : wrong).add(name);
    }
    assertThat(wrong).as(right + " are right").isEmpty();
    assertThat(right).hasSize(named + silentExpected);
    assertThat(silent).hasSize(silentExpected);
  }

  /** The first one names what is told with it, as its second may: rp_filter and the way back. */
  private static boolean isOneOf(List<Attribution> found, JsonNode expected) {
    for (JsonNode each : expected) {
      List<String> kinds = List.of(each.get("kind").asText().split(",", -1));
      Attribution first = found.getFirst();
      if (kinds.contains(first.kind().word().toUpperCase(Locale.ROOT)) && contains(first, each)) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(Attribution attribution, JsonNode expected) {
    String said =
        String.join(" ", attribution.identity()) + " " + String.join(" ", attribution.evidence());
    for (JsonNode text : expected.path("contains")) {
      if (!said.contains(text.asText())) {
        return false;
      }
    }
    return expected.has("contains");
  }

  private static boolean isInnocent(Attribution attribution, JsonNode innocent) {
    for (JsonNode each : innocent) {
      for (JsonNode text : each.path("contains")) {
        if (String.join(" ", attribution.identity()).contains(text.asText())) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<SilentDrop> silent(Analysis analysis) {
    return SilentDrops.of(
        analysis.box(),
        analysis.told().stream()
            .filter(told -> told.classification().severity() != Severity.BENIGN)
            .map(told -> {
              Long netns = told.event().facts().netns();
              return new FreedPackets(
                  told.classification().classId(),
                  netns == null ? 0 : netns,
                  told.event().facts().interfaceName(),
                  told.event().count());
            })
            .toList(),
        0L,
        null);
  }

  private static Analysis analysis(KernelImage image, Path file) throws IOException {
    List<StackEvent> events = new ArrayList<>();
    Box box;
    try (EventReader reader = Recordings.open("x", Files.newInputStream(file))) {
      for (StackEvent event = reader.next(); event != null; event = reader.next()) {
        events.add(event);
      }
      box = reader.box();
    }
    List<Classification> classes = Capture.classify(image, events);
    List<Told> told = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      told.add(new Told(events.get(i), classes.get(i)));
    }
    return new Analysis(box, told);
  }

  private static JsonNode truth(String capture) throws IOException {
    return JSON.readTree(CAPTURES.resolve(capture).resolve("truth.json").toFile());
  }

  private static Path recording(String capture, String name) {
    return CAPTURES.resolve(capture).resolve(name + ".drops.pcapng.gz");
  }
}
