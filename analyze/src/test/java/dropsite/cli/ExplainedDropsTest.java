package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Classifier;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.report.Finding;
import dropsite.analyze.report.Narrowing;
import dropsite.analyze.report.Report;
import dropsite.command.Output;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Drops of the lab for which is known what stood on the box and which of it dropped them: class,
 * rule, route, setting or queue, and that nothing innocent is named. With the symbol files that we
 * ship, and with the kernels themselves.
 */
final class ExplainedDropsTest {
  private static final Path CAPTURES = Path.of("..", "testdata", "captures");
  private static final String SYMBOLS = "../testdata/symbols/";

  /**
   * What is not told as it should be: the state of connections is not recorded, so two rules fit.
   */
  private static final Set<String> OPEN = Set.of("nft_state_invalid");

  /** Classes of drops that rules were not tuned on, as they were when first measured. */
  private static final Map<String, String> MISSED =
      Map.of(
          "bridge_port_blocked", "the hook of the bridge is in the same function",
          "gre_without_tunnel", "told as a tunnel",
          "tcp_data_after_close", "6.1 gives no reason");

  /** Those whose place is in a module that no symbol file is shipped of. */
  private static final Map<String, String> NO_SYMBOLS =
      Map.of(
          "bond_without_slave", "bonding",
          "ipvlan_multicast", "ipvlan",
          "macvlan_broadcast_queue", "macvlan");

  @Test
  void everyDropIsExplainedByTheShippedSymbols() throws IOException {
    assertThat(wrong("explain-6.12", shipped())).isSubsetOf(OPEN);
  }

  @Test
  void dropsThatRulesWereNotTunedOnAreClassifiedByTheShippedSymbols() throws IOException {
    Set<String> known = new HashSet<>(MISSED.keySet());
    known.addAll(NO_SYMBOLS.keySet());
    assertThat(wrong("later-6.12", shipped())).isSubsetOf(known);
  }

  @Test
  @Tag("kernels")
  void everyDropIsExplainedByTheKernelsThemselves() throws IOException {
    Set<String> wrong = new HashSet<>(wrong("explain-6.1", debugPackage("6.1")));
    wrong.addAll(wrong("explain-6.12", debugPackage("6.12")));
    assertThat(wrong).isSubsetOf(OPEN);
  }

  @Test
  @Tag("kernels")
  void dropsThatRulesWereNotTunedOnAreClassifiedByTheKernelsThemselves() throws IOException {
    Set<String> wrong = new HashSet<>(wrong("later-6.1", debugPackage("6.1")));
    wrong.addAll(wrong("later-6.12", debugPackage("6.12")));
    assertThat(wrong).isSubsetOf(MISSED.keySet());
  }

  /** Returns the scenarios that are not told as they should be; prints how all were judged. */
  private static Set<String> wrong(String folder, String... kernel) throws IOException {
    Set<String> wrong = new TreeSet<>();
    List<String> said = new ArrayList<>();
    Map<String, Integer> classes = new TreeMap<>();
    Map<String, Integer> causes = new TreeMap<>();
    int scenarios = 0;
    try (Stream<Path> files = Files.list(CAPTURES.resolve(folder))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".gz")).sorted().toList()) {
        String[] name = file.getFileName().toString().split("\\.", -1);
        Report report = report(file, kernel);
        for (Truth truth : Truth.read(CAPTURES.resolve(folder), name[1])) {
          if (truth.recording().equals(name[0])) {
            scenarios++;
            for (String each : judge(truth, report, classes, causes)) {
              wrong.add(truth.name());
              said.add("  " + file.getFileName() + " " + truth.name() + " " + each);
            }
          }
        }
      }
    }
    assertThat(scenarios).as(folder).isGreaterThan(60);
    System.out.println(folder + ": classes " + classes + ", causes " + causes);
    said.forEach(System.out::println);
    return wrong;
  }

  private static List<String> judge(
      Truth truth, Report report, Map<String, Integer> classes, Map<String, Integer> causes) {
    List<Finding> findings = truth.silent() ? silent(truth, report) : findings(truth, report);
    List<String> wrong = new ArrayList<>();
    String classId = findings.isEmpty() ? "nothing" : majority(findings);
    boolean right = truth.isRightClass(classId);
    boolean open = classId.equals("nothing") || classId.startsWith("unknown");
    boolean sure =
        findings.stream().anyMatch(each -> each.classification().confidence() == Confidence.HIGH);
    String judged = right ? "right" : open ? "undecided" : sure ? "wrong and sure" : "wrong";
    classes.merge(judged, 1, Integer::sum);
    if (!right) {
      wrong.add(judged + ": is " + classId + " and not " + truth.classIds().getFirst());
    }
    if (truth.named().isEmpty()) {
      return wrong;
    }
    List<Attribution> told =
        findings.stream().flatMap(each -> each.attributions().stream()).distinct().toList();
    String verdict = verdict(truth, findings, told);
    causes.merge(verdict, 1, Integer::sum);
    if (!verdict.equals("right")) {
      wrong.add(
          verdict
              + ": told "
              + told.stream().map(ExplainedDropsTest::words).toList()
              + " and not "
              + truth.named());
    }
    return wrong;
  }

  private static String verdict(Truth truth, List<Finding> findings, List<Attribution> told) {
    if (told.stream()
        .anyMatch(each -> truth.innocent().stream().anyMatch(thing -> thing.isNamedBy(each)))) {
      return "innocent named";
    }
    if (told.isEmpty()) {
      return "undecided";
    }
    boolean first =
        findings.stream()
            .allMatch(each ->
                !each.attributions().isEmpty()
                    && thing(truth, each.attributions().getFirst()) != null);
    if (!first) {
      return told.stream().anyMatch(each -> thing(truth, each) != null) ? "not first" : "wrong";
    }
    Attribution named = findings.getFirst().attributions().getFirst();
    Long moved = Objects.requireNonNull(thing(truth, named)).moved();
    return moved == null || moved.equals(named.counterDelta()) ? "right" : "wrong counter";
  }

  private static Truth.@Nullable Thing thing(Truth truth, Attribution told) {
    return truth.named().stream().filter(each -> each.isNamedBy(told)).findFirst().orElse(null);
  }

  private static String words(Attribution told) {
    return told.kind().word()
        + " "
        + told.table()
        + " "
        + told.chain()
        + " "
        + told.handle()
        + " "
        + told.text()
        + " moved "
        + told.counterDelta();
  }

  /** Returns the findings of the majority class of a scenario's events. */
  private static List<Finding> findings(Truth truth, Report report) {
    List<Finding> all =
        truth.events().stream()
            .map(event -> report.events().row(event).finding())
            .filter(index -> index >= 0)
            .map(index -> report.findings().get(index))
            .toList();
    String classId = all.isEmpty() ? "" : majority(all);
    return all.stream()
        .filter(each -> each.classification().classId().equals(classId))
        .distinct()
        .toList();
  }

  private static String majority(List<Finding> findings) {
    return findings.stream()
        .collect(
            Collectors.groupingBy(
                each -> each.classification().classId(), HashMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .max(Comparator.comparingLong(Map.Entry::getValue))
        .orElseThrow()
        .getKey();
  }

  private static List<Finding> silent(Truth truth, Report report) {
    return report.findings().stream()
        .filter(each -> each.stack() == null)
        .filter(each -> each.namespace() != null && each.namespace().inode() == truth.netns())
        .filter(each -> truth.isRightClass(each.classification().classId()))
        .filter(each -> each.count() >= truth.atLeast())
        .toList();
  }

  private static Report report(Path file, String... kernel) throws IOException {
    Syntax syntax = new Syntax("analyze");
    KernelOptions options = new KernelOptions(syntax);
    assertThat(syntax.readPlain(kernel, 0)).isTrue();
    Streams streams =
        new Streams(
            new ByteArrayInputStream(new byte[0]),
            new Output(new ByteArrayOutputStream()),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            Map.of(),
            new ArrayList<>());
    return Objects.requireNonNull(
        new AnalysisRun(streams, options, Narrowing.NONE, Classifier.shipped(), false)
            .report(List.of(file.toString())));
  }

  private static String[] shipped() {
    return new String[] {
      "--no-index-cache",
      "--vmlinux",
      SYMBOLS + "vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz",
      "--modules",
      SYMBOLS + "modules-6.12.117+deb12-cloud-amd64"
    };
  }

  private static String[] debugPackage(String kernel) {
    String kernels = System.getProperty("dropsite.kernels", "");
    assertThat(kernels)
        .as("run testdata/kernels/fetch DIRECTORY, then give -Ddropsite.kernels=DIRECTORY")
        .isNotEmpty();
    return new String[] {"--no-index-cache", "--debug-dir", Path.of(kernels, kernel).toString()};
  }
}
