package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.cache.IndexCache;
import dropsite.analyze.captures.RecordedText.FoundFrame;
import dropsite.analyze.captures.RecordedText.KnownFrame;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelFactsReader;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.report.SourcePath;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.StackResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions, files and lines of every frame in the texts of testdata/stacks against what
 * llvm-symbolizer (vmlinux) and eu-addr2line (modules) said at the address that the rule for return
 * addresses demands. Needs the kernels of testdata/kernels/fetch.
 */
@Tag("kernels")
final class SymbolizedTextsTest {
  private static final String OWN = "dropsite_trouble";
  private static final String BUILD_FOLDER = "/build/[^/]+/linux-[^/]+/";

  /** eu-addr2line leaves out what the compiler adds to the name of a function's copy or part. */
  private static final String PARTS = "\\.(constprop|isra|part)\\.\\d+|\\.cold";

  /** What module_init makes the function known by, too. */
  private static final String ALIAS = "init_module ";

  private static final String INIT = "trouble_init ";

  @TempDir private Path modules;

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12", "arm64"})
  void everyFrameIsAsOtherToolsSay(String kernel) throws IOException {
    KernelFacts facts = KernelFactsReader.read(RecordedText.folder(kernel).resolve("kernel.json"));
    Comparison comparison = new Comparison(kernel);
    try (KernelImage named = image(kernel, KernelFacts.NONE);
        KernelImage described = image(kernel, facts)) {
      for (RecordedText text : RecordedText.of(kernel)) {
        // The crash is of another boot than the description.
        boolean crash = text.name().equals("sysrq-c");
        comparison.add(text, crash ? named : described);
      }
    }
    System.out.println("texts of a booted " + kernel + ": " + comparison);
    assertThat(comparison.wrong()).isEmpty();
    assertThat(comparison.equal).as("frames with a place").isEqualTo(comparison.places);
  }

  /** Nothing but the text: fewer frames may be found, none may be wrong. */
  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12", "arm64"})
  void withoutAnyDescriptionOfTheKernelNoFrameIsWrong(String kernel) throws IOException {
    Comparison comparison = new Comparison(kernel);
    try (KernelImage image = image(kernel, KernelFacts.NONE)) {
      for (RecordedText text : RecordedText.of(kernel)) {
        comparison.add(text, image);
      }
    }
    System.out.println("texts of a booted " + kernel + " alone: " + comparison);
    assertThat(comparison.different).isEmpty();
    assertThat(comparison.equal).isGreaterThan(comparison.places * 9 / 10);
  }

  /** Debug files of the modules that the texts name, and of the one that made trouble. */
  private KernelImage image(String kernel, KernelFacts facts) throws IOException {
    String kernels = System.getProperty("dropsite.kernels", "");
    assertThat(kernels)
        .as("run testdata/kernels/fetch DIRECTORY, then give -Ddropsite.kernels=DIRECTORY")
        .isNotEmpty();
    Path debug = Path.of(kernels, kernel, "usr", "lib", "debug");
    Set<String> wanted = new TreeSet<>();
    for (String place : RecordedText.chains(kernel).keySet()) {
      wanted.add(place.split(" ", 2)[0] + ".ko");
    }
    try (Stream<Path> files = Files.walk(debug.resolve("lib").resolve("modules"))) {
      for (Path file : files.filter(f -> wanted.contains(f.getFileName().toString())).toList()) {
        Path copy = modules.resolve(file.getFileName());
        if (Files.notExists(copy)) {
          Files.copy(file, copy);
        }
      }
    }
    Path own = modules.resolve(OWN + ".ko");
    if (Files.notExists(own)) {
      Path packed = RecordedText.folder(kernel).resolve(OWN + ".ko.gz");
      try (InputStream input = new GZIPInputStream(Files.newInputStream(packed))) {
        Files.copy(input, own);
      }
    }
    try (Stream<Path> files = Files.list(debug.resolve("boot"))) {
      Path vmlinux =
          files
              .filter(file -> file.getFileName().toString().startsWith("vmlinux-"))
              .findFirst()
              .orElseThrow();
      return KernelImage.open(vmlinux, modules, facts, false, IndexCache.off(line -> {}));
    }
  }

  /** Counts frames of texts that are as known, different, or not found at all. */
  private static final class Comparison {
    private final Map<String, List<String>> chains;
    private final List<String> different = new ArrayList<>();
    private final List<String> without = new ArrayList<>();
    private int places;
    private int equal;

    Comparison(String kernel) throws IOException {
      chains = RecordedText.chains(kernel);
    }

    void add(RecordedText text, KernelImage image) throws IOException {
      StackResolver resolver = new StackResolver(image, false);
      String prefix = SourcePath.buildPrefix(image.vmlinux().orElseThrow());
      Map<String, KnownFrame> truth = new HashMap<>();
      for (KnownFrame frame : text.truth()) {
        if (chains.containsKey(frame.place())) {
          truth.put(frame.words(), frame);
        }
      }
      places += truth.size();
      int stack = 0;
      List<ResolvedFrame> resolved = List.of();
      for (FoundFrame found : text.frames()) {
        KnownFrame known = truth.get(found.words());
        if (known == null) {
          continue;
        }
        if (stack != found.stack()) {
          stack = found.stack();
          resolved = resolver.resolve(found.event()).frames();
        }
        compare(text, known, resolved.get(found.index()), prefix);
      }
    }

    private void compare(RecordedText text, KnownFrame known, ResolvedFrame found, String prefix) {
      List<String> both = Objects.requireNonNull(chains.get(known.place()));
      String expected = both.get(known.exact() ? 1 : 0);
      String ours = chain(found, prefix);
      boolean same =
          known.place().startsWith("vmlinux")
              ? expected.equals(ours)
              : plain(expected).equals(plain(ours));
      if (same || (isPadding(expected) && !found.hasSource())) {
        equal++;
        return;
      }
      (found.hasSource() ? different : without)
          .add(text + " " + known.words() + ": " + ours + " and not " + expected);
    }

    List<String> wrong() {
      return Stream.concat(different.stream(), without.stream()).toList();
    }

    /** What the unwinder doubts may lie between functions, where no line is anything's. */
    private static boolean isPadding(String chain) {
      return chain.startsWith("?? ") || chain.startsWith("__pfx_");
    }

    private static String plain(String chain) {
      return chain.replaceAll(PARTS, "").replace(ALIAS, INIT);
    }

    private static String chain(ResolvedFrame frame, String prefix) {
      return FrameWords.chain(frame, prefix).replaceAll(BUILD_FOLDER, "");
    }

    @Override
    public String toString() {
      return String.format(
          "of %d frames with a place %d equal, %d different, %d without source",
          places, equal, different.size(), without.size());
    }
  }
}
