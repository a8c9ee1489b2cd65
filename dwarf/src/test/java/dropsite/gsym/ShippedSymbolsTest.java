package dropsite.gsym;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shipped symbol files, against the frames that other tools found in the captured stacks. */
final class ShippedSymbolsTest {
  private static final String RELEASE = "6.12.117+deb12-cloud-amd64";
  private static final String BUILD_FOLDER = "debian/build/build_amd64_none_cloud-amd64/";
  private static final Path SYMBOLS = TestFiles.of("symbols");
  private static final Path CAPTURE = TestFiles.of("captures/6.12");

  @Test
  void everyCapturedKernelAddressHasTheRecordedChain() throws Exception {
    Map<String, List<String[]>> rows = recorded();
    assertThat(rows.get("vmlinux")).hasSizeGreaterThan(140);
    assertThat(differences("vmlinux", rows)).isEmpty();
  }

  @Test
  void everyCapturedModuleAddressHasTheRecordedChain() throws Exception {
    Map<String, List<String[]>> rows = recorded();
    List<String> differences = new ArrayList<>();
    for (String module : List.of("br_netfilter", "bridge", "nf_tables", "tun", "veth")) {
      assertThat(rows.get(module)).isNotEmpty();
      differences.addAll(differences(module, rows));
    }
    assertThat(differences).isEmpty();
  }

  @Test
  void buildIdsAreThoseOfTheCapturedKernel() throws Exception {
    String kernel = Files.readString(CAPTURE.resolve("kernel.json"));
    try (GsymFile file = open("vmlinux")) {
      assertThat(kernel).contains("\"build_id\": \"" + file.buildId().orElseThrow() + "\"");
    }
    try (GsymFile file = open("bridge")) {
      assertThat(
              Pattern.compile("\"bridge\",[^}]*\"build_id\": \"([0-9a-f]+)\"")
                  .matcher(kernel)
                  .results()
                  .map(result -> result.group(1)))
          .containsExactly(file.buildId().orElseThrow());
    }
  }

  @Test
  void symbolTableNamesAreFoundBesideThoseOfTheDebuggingInformation() throws Exception {
    try (GsymFile file = open("vmlinux")) {
      for (String name :
          List.of("_stext", "entry_SYSCALL_64_after_hwframe", "__x64_sys_getpid", "nf_hook_slow")) {
        assertThat(file.symbols().named(name)).as(name).hasSize(1);
      }
      assertThat(file.symbols().named("_stext").getFirst().linkAddress())
          .isEqualTo(0xffffffff81000000L);
      // What kallsyms takes for the function's end is where the filling before the next begins.
      var slow = file.symbols().named("nf_hook_slow").getFirst();
      assertThat(file.symbols().nextAddress(slow))
          .isEqualTo((slow.linkAddress() + slow.sizeBytes() + 15) & -16L);
    }
  }

  @Test
  void allFilesTogetherStayUnderSixMegabytes() throws Exception {
    try (Stream<Path> files = Files.walk(SYMBOLS)) {
      long bytes =
          files.filter(Files::isRegularFile).mapToLong(path -> path.toFile().length()).sum();
      assertThat(bytes).isBetween(1_000_000L, 6_000_000L);
    }
  }

  private static Map<String, List<String[]>> recorded() throws IOException {
    return Files.readAllLines(CAPTURE.resolve("frames.tsv")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .collect(Collectors.groupingBy(fields -> fields[1]));
  }

  private static List<String> differences(String image, Map<String, List<String[]>> rows)
      throws IOException {
    List<String> differences = new ArrayList<>();
    try (GsymFile file = open(image)) {
      for (String[] fields : rows.getOrDefault(image, List.of())) {
        long address = Long.parseUnsignedLong(fields[3], 16);
        compare(file, address - 1, fields[4], differences);
        compare(file, address, fields[5], differences);
      }
    }
    return differences;
  }

  private static void compare(
      GsymFile file, long address, String recorded, List<String> differences) {
    List<SourceFrame> frames = file.frames(address);
    // The kernel's chains carry symbol names, the modules' those of the debugging information.
    for (boolean symbols : new boolean[] {true, false}) {
      if (text(frames, symbols).equals(recorded)) {
        return;
      }
    }
    differences.add(Long.toHexString(address) + ": " + recorded + ", not " + text(frames, true));
  }

  private static String text(List<SourceFrame> frames, boolean symbols) {
    return frames.isEmpty()
        ? "?? ??:0"
        : frames.stream()
            .map(frame ->
                (symbols || frame.function() == null ? frame.displayName() : frame.function())
                    + " "
                    + place(frame))
            .collect(Collectors.joining(" <- "));
  }

  private static String place(SourceFrame frame) {
    Matcher path = Pattern.compile(BUILD_FOLDER + "(.*)").matcher(String.valueOf(frame.file()));
    return (path.matches() ? path.group(1) : "??") + ":" + frame.line();
  }

  private static GsymFile open(String image) throws IOException {
    return GsymFile.open(
        image.equals("vmlinux")
            ? SYMBOLS.resolve("vmlinux-" + RELEASE + ".gsym.xz")
            : SYMBOLS.resolve("modules-" + RELEASE).resolve(image + ".gsym.xz"));
  }
}
