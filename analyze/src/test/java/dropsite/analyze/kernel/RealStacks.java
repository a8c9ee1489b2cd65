package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.input.Texts;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The different stacks of one boot of a real kernel, as addresses alone.
 *
 * @param facts what was recorded about the boot, which inference is not told
 */
record RealStacks(KernelFacts facts, List<List<StackFrame>> stacks) {
  private static final Path CAPTURES = Path.of("..", "testdata", "captures");

  /** Returns all recorded boots of a kernel, {@code 6.1} or {@code 6.12}. */
  static List<RealStacks> of(String kernel, Path scratch) throws IOException {
    Path events = CAPTURES.resolve(kernel).resolve("events.jsonl");
    List<RealStacks> boots = new ArrayList<>();
    boots.add(
        new RealStacks(
            KernelFactsReader.read(events.resolveSibling("kernel.json")), stacksOf(events)));
    for (String recording : List.of("bpf", "tracefs", "rules")) {
      Path packed = CAPTURES.resolve("lab-" + kernel).resolve(recording + ".drops.pcapng.gz");
      Path file = scratch.resolve(kernel + recording);
      try (InputStream input = new GZIPInputStream(Files.newInputStream(packed))) {
        Files.copy(input, file, StandardCopyOption.REPLACE_EXISTING);
      }
      boots.add(new RealStacks(RecordedKernel.in(file), stacksOf(file)));
    }
    return boots;
  }

  private static List<List<StackFrame>> stacksOf(Path recording) throws IOException {
    Set<List<StackFrame>> stacks = new LinkedHashSet<>();
    for (StackEvent event : Texts.events(recording)) {
      stacks.add(
          event.frames().stream()
              .map(frame -> StackFrame.ofAddress(Objects.requireNonNull(frame.runtimeAddress())))
              .toList());
    }
    return List.copyOf(stacks);
  }

  /** Returns the run-time address minus the link-time address of the kernel's text. */
  long slideBytes(DebugSymbols vmlinux) {
    return textAddress("_text") - vmlinux.symbols().named("_text").getFirst().linkAddress();
  }

  boolean inText(StackFrame frame) {
    long address = Objects.requireNonNull(frame.runtimeAddress());
    return Long.compareUnsigned(address, textAddress("_stext")) >= 0
        && Long.compareUnsigned(address, textAddress("_etext")) < 0;
  }

  private long textAddress(String name) {
    Map<String, Long> symbols = facts.symbols();
    return Objects.requireNonNull(symbols.get(name));
  }

  /** Returns where {@code testdata/kernels/fetch} has put a kernel. */
  static Path vmlinux(String kernel) throws IOException {
    String kernels = System.getProperty("dropsite.kernels", "");
    assertThat(kernels)
        .as("run testdata/kernels/fetch DIRECTORY, then give -Ddropsite.kernels=DIRECTORY")
        .isNotEmpty();
    Path boot = Path.of(kernels, kernel, "usr", "lib", "debug", "boot");
    try (Stream<Path> files = Files.list(boot)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("vmlinux-"))
          .findFirst()
          .orElseThrow();
    }
  }
}
