package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.cache.IndexCache;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.Texts;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.report.SourcePath;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.StackResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real drops against what is known of them: every frame against the answers of llvm-symbolizer and
 * eu-addr2line, every scenario against what was set up. With the symbol files that we ship, and
 * with the kernels themselves where {@code testdata/kernels/fetch} has put them.
 */
final class RecordedDropsTest {
  private static final Path SYMBOLS = Path.of("..", "testdata", "symbols");

  private static final String BUILD_FOLDER = "/build/[^/]+/linux-[^/]+/";

  /** The only chain that differs: eu-addr2line leaves the part's suffix out. */
  private static final String PART = "br_nf_forward_ip.part.0 ";

  @Test
  void everyFrameIsAsOtherToolsSayByTheShippedSymbols() throws IOException {
    Capture capture = Capture.of("6.12");
    try (KernelImage image = shipped(capture)) {
      compareFrames(capture, image, 2068 - 104);
    }
  }

  @Test
  void everyFrameIsAsOtherToolsSayByKallsymsInsteadOfTheRecordedPlaces() throws IOException {
    Capture capture = Capture.of("6.12");
    try (KernelImage image = shipped(capture.kallsyms())) {
      // Kallsyms names the BPF programs too.
      compareFrames(capture, image, 2068);
    }
  }

  @Test
  void everyScenarioIsClassifiedByTheShippedSymbols() throws IOException {
    Capture capture = Capture.of("6.12");
    try (KernelImage image = shipped(capture)) {
      compareClasses(capture, image, 42);
    }
  }

  @Test
  void textOfTheSameDropsIsClassifiedByTheShippedSymbols() throws IOException {
    Capture capture = Capture.of("6.12");
    int texts = 0;
    try (KernelImage image = shipped(capture)) {
      for (Capture.Scenario scenario : capture.scenarios()) {
        for (String format : List.of("bpftrace", "ftrace")) {
          Path text =
              capture.folder().resolve("text").resolve(scenario.name() + "." + format + ".txt");
          // Only the packet tells, and the text does not have it.
          String expected =
              scenario.name().equals("mcast_notjoined") ? "unknown" : scenario.classId();
          assertThat(Capture.classify(image, Texts.events(text)))
              .as(text.toString())
              .extracting(Classification::classId)
              .contains(expected);
          texts++;
        }
      }
    }
    assertThat(texts).isEqualTo(84);
  }

  @Test
  @Tag("kernels")
  void everyFrameIsAsOtherToolsSayByTheKernelsThemselves() throws IOException {
    for (String kernel : List.of("6.12", "6.1")) {
      Capture capture = Capture.of(kernel);
      try (KernelImage image = debugPackage(capture.kernel(), kernel)) {
        compareFrames(capture, image, kernel.equals("6.12") ? 2068 - 104 : 2228 - 106);
      }
    }
  }

  @Test
  @Tag("kernels")
  void everyFrameIsAsOtherToolsSayByKallsymsAndTheKernelsThemselves() throws IOException {
    for (String kernel : List.of("6.12", "6.1")) {
      Capture capture = Capture.of(kernel);
      try (KernelImage image = debugPackage(capture.kallsyms(), kernel)) {
        compareFrames(capture, image, kernel.equals("6.12") ? 2068 : 2228);
      }
    }
  }

  @Test
  @Tag("kernels")
  void everyScenarioIsClassifiedByTheKernelsThemselves() throws IOException {
    for (String kernel : List.of("6.12", "6.1")) {
      Capture capture = Capture.of(kernel);
      try (KernelImage image = debugPackage(capture.kernel(), kernel)) {
        compareClasses(capture, image, kernel.equals("6.12") ? 42 : 41);
      }
    }
  }

  @Test
  @Tag("kernels")
  void textOfTheSameDropsIsClassifiedWithoutAnyDescriptionOfTheKernel() throws IOException {
    // Told apart only by the packet, which the text does not have; or by module symbols, which
    // bpftrace 0.17 prints wrongly.
    List<String> open =
        List.of(
            "mcast_notjoined", "bridge_ebtables_drop", "bridge_isolated", "bridge_netfilter_ipt");
    for (String kernel : List.of("6.12", "6.1")) {
      Capture capture = Capture.of(kernel);
      try (KernelImage image = debugPackage(KernelFacts.NONE, kernel)) {
        for (Capture.Scenario scenario : capture.scenarios()) {
          if (open.contains(scenario.name())) {
            continue;
          }
          Path text = capture.folder().resolve("text").resolve(scenario.name() + ".bpftrace.txt");
          assertThat(Capture.classify(image, Texts.events(text)))
              .as("%s %s", kernel, scenario.name())
              .extracting(Classification::classId)
              .contains(scenario.classId());
        }
      }
    }
  }

  /**
   * At -1 in nf_hook_slow of 6.12 stands kfree_skb_reason, at the address itself NF_DROP_GETERR.
   */
  @Test
  void returnAddressesAndProgramCountersGiveDifferentLines() throws IOException {
    Capture capture = Capture.of("6.12");
    long address = 0xffffffff85cd300aL;
    try (KernelImage image = shipped(capture)) {
      StackEvent event =
          capture.events().stream()
              .filter(candidate ->
                  candidate.frames().stream()
                      .anyMatch(frame -> Objects.equals(frame.runtimeAddress(), address)))
              .findFirst()
              .orElseThrow();
      assertThat(innermost(new StackResolver(image, false), event, address))
          .isEqualTo("kfree_skb_reason");
      assertThat(innermost(new StackResolver(image, true), event, address))
          .isEqualTo("NF_DROP_GETERR");
    }
  }

  private static String innermost(StackResolver resolver, StackEvent event, long address)
      throws IOException {
    return resolver.resolve(event).frames().stream()
        .filter(frame -> Objects.equals(frame.given().runtimeAddress(), address))
        .map(frame -> String.valueOf(frame.layers().getFirst().source().function()))
        .findFirst()
        .orElseThrow();
  }

  static KernelImage shipped(Capture capture) throws IOException {
    return shipped(capture.kernel());
  }

  static KernelImage shipped(KernelFacts facts) throws IOException {
    return KernelImage.open(
        SYMBOLS.resolve("vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz"),
        SYMBOLS.resolve("modules-6.12.117+deb12-cloud-amd64"),
        facts,
        false,
        IndexCache.off(line -> {}));
  }

  static KernelImage debugPackage(KernelFacts facts, String kernel) throws IOException {
    String kernels = System.getProperty("dropsite.kernels", "");
    assertThat(kernels)
        .as("run testdata/kernels/fetch DIRECTORY, then give -Ddropsite.kernels=DIRECTORY")
        .isNotEmpty();
    Path debug = Path.of(kernels, kernel, "usr", "lib", "debug");
    try (Stream<Path> files = Files.list(debug.resolve("boot"))) {
      Path vmlinux =
          files
              .filter(file -> file.getFileName().toString().startsWith("vmlinux-"))
              .findFirst()
              .orElseThrow();
      return KernelImage.open(
          vmlinux,
          debug.resolve("lib").resolve("modules"),
          facts,
          false,
          IndexCache.off(line -> {}));
    }
  }

  private static void compareClasses(Capture capture, KernelImage image, int scenarios)
      throws IOException {
    List<Classification> inOrder = Capture.classify(image, capture.events());
    Map<String, Classification> classes = new HashMap<>();
    for (String label : capture.labels()) {
      classes.put(label, inOrder.get(classes.size()));
    }
    List<String> wrong = new ArrayList<>();
    for (Capture.Scenario scenario : capture.scenarios()) {
      String majority =
          scenario.labels().stream()
              .map(label -> Objects.requireNonNull(classes.get(label)).classId())
              .collect(Collectors.groupingBy(id -> id, Collectors.counting()))
              .entrySet()
              .stream()
              .max(Map.Entry.comparingByValue())
              .orElseThrow()
              .getKey();
      if (!majority.equals(scenario.classId())) {
        wrong.add(scenario.name() + ": " + majority + " and not " + scenario.classId());
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(capture.scenarios()).hasSize(scenarios);
    assertThat(classes.values())
        .as("the probe's own frames are never taken for the place of a drop")
        .allMatch(each -> each.place() != null && each.severity() != Severity.UNKNOWN)
        .noneMatch(each -> each.confidence() == Confidence.LOW);
  }

  private static void compareFrames(Capture capture, KernelImage image, int frames)
      throws IOException {
    Map<Long, String> atCall = new HashMap<>();
    Map<Long, String> atAddress = new HashMap<>();
    Set<Long> interrupted = new HashSet<>();
    int compared = collect(capture, new StackResolver(image, false), image, atCall, interrupted);
    collect(capture, new StackResolver(image, true), image, atAddress, new HashSet<>());
    List<String> different = new ArrayList<>();
    capture
        .chains()
        .forEach((address, known) -> {
          // Frames of BPF programs are in no file.
          if (atCall.containsKey(address) && !known.image().equals("bpf")) {
            String atStack = interrupted.contains(address) ? known.atAddress() : known.atCall();
            compare(address, atStack, atCall.get(address), different);
            compare(address, known.atAddress(), atAddress.get(address), different);
          }
        });
    assertThat(different).isEmpty();
    assertThat(compared).as("frames compared").isEqualTo(frames);
  }

  private static void compare(
      long address, String known, @Nullable String ours, List<String> different) {
    // Units of assembly record the folder that 6.1 was built in, where C's record none.
    String found = Objects.requireNonNull(ours).replaceAll(BUILD_FOLDER, "");
    String expected = known.replaceAll(BUILD_FOLDER, "");
    if (!expected.equals(found.replace(PART, "br_nf_forward_ip "))) {
      different.add(Long.toHexString(address) + ": " + ours + " and not " + expected);
    }
  }

  /**
   * Returns how many frames were looked up, those of BPF programs left out.
   *
   * @param exact is given the addresses that were taken for program counters
   */
  private static int collect(
      Capture capture,
      StackResolver resolver,
      KernelImage image,
      Map<Long, String> chains,
      Set<Long> exact)
      throws IOException {
    String prefix = SourcePath.buildPrefix(image.vmlinux().orElseThrow());
    int frames = 0;
    for (StackEvent event : capture.events()) {
      for (ResolvedFrame frame : resolver.resolve(event).frames()) {
        if (!frame.layers().isEmpty()) {
          frames++;
        }
        Long address = Objects.requireNonNull(frame.given().runtimeAddress());
        chains.put(address, FrameWords.chain(frame, prefix));
        if (frame.exact()) {
          exact.add(address);
        }
      }
    }
    return frames;
  }
}
