package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.cache.IndexCache;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketSummary;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.Texts;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.ReasonNames;
import dropsite.analyze.kernel.RecordedKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What our own scripts wrote on booted kernels, with nothing beside it: five packets, one dropped
 * after the other. The lab's suite {@code scripts} made them, and says what was done.
 */
final class ScriptTextsTest {
  private static final Path SYMBOLS = Path.of("..", "testdata", "symbols");
  private static final String HOSTILE = "x\n => ab\n1-2";

  private static final List<String> CLASSES =
      List.of(
          "netfilter.ip.output",
          "socket.none.udp",
          "socket.none.udp",
          "socket.none.tcp",
          "netfilter.bridge.forward");

  private static final List<String> REASONS =
      List.of("NETFILTER_DROP", "NO_SOCKET", "NO_SOCKET", "NO_SOCKET", "NETFILTER_DROP");

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void theTextOfCaptureShIsRead(String kernel) throws IOException {
    Path text = text(kernel, "capture.txt");
    KernelFacts facts = checkedFacts(kernel, text);
    assertThat(facts.buildId()).isEqualTo(Capture.of(kernel).kernel().buildId());
    assertThat(facts.symbols()).containsKeys("_text", "_stext", "_etext");
    assertThat(facts.modules()).allMatch(module -> module.buildId() != null);
    List<StackEvent> events = packets(text);
    assertThat(events).extracting(event -> event.facts().reasonName()).isEqualTo(REASONS);
    // The name's lines before the last are not where ftrace's line begins.
    assertThat(events)
        .extracting(event -> event.facts().comm())
        .containsExactly("tg", "1-2", "tg", "tg", "tg");
    assertThat(events).allMatch(event -> event.frames().size() > 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void theTextOfBpftraceIsRead(String kernel) throws IOException {
    Path text = text(kernel, "bpftrace.txt");
    KernelFacts facts = checkedFacts(kernel, text);
    List<StackEvent> events = packets(text);
    assertThat(events)
        .extracting(event -> event.facts().packet())
        .extracting(packet -> Objects.requireNonNull(packet).destinationPort())
        .containsExactly(4001, 4002, 4003, 4004, 4005);
    assertThat(events)
        .extracting(event -> event.facts().comm())
        .containsExactly("tg", HOSTILE, "tg", "tg", "tg");
    assertThat(events)
        .extracting(event -> event.facts().packet())
        .extracting(packet -> Objects.requireNonNull(packet).source())
        .containsExactly("10.1.0.2", "10.1.0.2", "fd01::2", "10.1.0.2", "10.3.0.1");
    assertThat(events)
        .extracting(event -> event.facts().packet())
        .extracting(PacketSummary::protocol)
        .containsExactly("UDP", "UDP", "UDP", "TCP", "UDP");
    // On its way out the first has no device yet.
    assertThat(events)
        .extracting(event -> event.facts().interfaceName())
        .startsWith(null, "b0", "b0", "b0");
    assertThat(events).extracting(event -> event.facts().netns()).doesNotContainNull();
    try (KernelImage image = KernelImage.of(null, Map.of(), facts, false)) {
      ReasonNames names = new ReasonNames(image);
      assertThat(events).extracting(event -> reason(names, event.facts())).isEqualTo(REASONS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"capture.txt", "bpftrace.txt"})
  void everyDropIsClassified(String file) throws IOException {
    Path text = text("6.12", file);
    try (KernelImage image =
        KernelImage.open(
            SYMBOLS.resolve("vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz"),
            SYMBOLS.resolve("modules-6.12.117+deb12-cloud-amd64"),
            RecordedKernel.in(text),
            false,
            IndexCache.off(line -> {}))) {
      assertThat(Capture.classify(image, Texts.events(text)))
          .extracting(Classification::classId)
          .isEqualTo(CLASSES);
    }
  }

  private static KernelFacts checkedFacts(String kernel, Path text) throws IOException {
    KernelFacts facts = RecordedKernel.in(text);
    KernelFacts known = Capture.of(kernel).kernel();
    assertThat(facts.release()).isEqualTo(known.release());
    assertThat(facts.reasons()).hasSizeGreaterThan(50);
    facts
        .reasons()
        .forEach((number, name) ->
            assertThat(known.reasons().get(number)).as("reason %s", number).endsWith(name));
    assertThat(facts.modules())
        .extracting(module -> module.name())
        .contains("nf_tables", "bridge", "veth");
    return facts;
  }

  /** Returns the events but for the answer to the third packet, which 6.1 frees as if dropped. */
  private static List<StackEvent> packets(Path text) throws IOException {
    return Texts.events(text).stream()
        .filter(event -> !"NOT_SPECIFIED".equals(event.facts().reasonName()))
        .filter(event ->
            Optional.ofNullable(event.facts().packet())
                .filter(packet -> packet.protocol().equals("ICMPv6"))
                .isEmpty())
        .toList();
  }

  private static String reason(ReasonNames names, EventFacts facts) {
    DropReason reason = Objects.requireNonNull(names.of(facts, null));
    return String.valueOf(reason.name());
  }

  private static Path text(String kernel, String file) {
    return Path.of("..", "testdata", "captures", kernel, "scripts", file);
  }
}
