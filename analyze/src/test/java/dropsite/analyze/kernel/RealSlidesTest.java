package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.cache.IndexCache;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.EventReader;
import dropsite.analyze.input.Recordings;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.input.Texts;
import dropsite.analyze.kernel.KernelCandidates.Score;
import dropsite.symbols.CallSite;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.Symbol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slides inferred from bare addresses of real stacks, against what was recorded beside them. */
@Tag("kernels")
final class RealSlidesTest {
  private static final List<String> BOOTED = List.of("6.12", "6.1");
  private static final int STACKS = 1000;

  @TempDir private Path scratch;

  /** A stack drawn at random, and the boot that it is from. */
  private record Drawn(RealStacks boot, List<StackFrame> frames) {
    long framesInText() {
      return frames.stream().filter(boot::inText).count();
    }
  }

  private static Drawn draw(List<RealStacks> boots, Random random) {
    RealStacks boot = boots.get(random.nextInt(boots.size()));
    return new Drawn(boot, boot.stacks().get(random.nextInt(boot.stacks().size())));
  }

  /** Returns a run of frames out of a stack, as short as one. */
  private static Drawn piece(Drawn whole, Random random) {
    int size = whole.frames().size();
    int from = random.nextInt(size);
    return new Drawn(
        whole.boot(), whole.frames().subList(from, from + 1 + random.nextInt(size - from)));
  }

  private static FoundSlide find(DebugSymbols vmlinux, List<StackFrame> frames) {
    return new SlideFinder(vmlinux, null, address -> false).find(frames, new SlideVotes());
  }

  @Test
  void everyStackWithFiveFramesInTheKernelHasItsSlide() throws IOException {
    Random random = new Random(1);
    for (String kernel : BOOTED) {
      List<RealStacks> boots = RealStacks.of(kernel, scratch);
      try (DebugSymbols vmlinux = SymbolFiles.open(RealStacks.vmlinux(kernel))) {
        for (int i = 0; i < STACKS / BOOTED.size(); i++) {
          Drawn drawn = draw(boots, random);
          if (drawn.framesInText() >= 5) {
            Slide slide = find(vmlinux, drawn.frames()).slide();
            assertThat(slide)
                .as("%s %s", kernel, drawn.frames())
                .extracting(Slide::bytes)
                .isEqualTo(drawn.boot().slideBytes(vmlinux));
          }
        }
      }
    }
  }

  @Test
  void piecesOfStacksHaveTheRightSlideOrNone() throws IOException {
    Random random = new Random(2);
    int known = 0;
    for (String kernel : BOOTED) {
      List<RealStacks> boots = RealStacks.of(kernel, scratch);
      try (DebugSymbols vmlinux = SymbolFiles.open(RealStacks.vmlinux(kernel))) {
        for (int i = 0; i < STACKS / BOOTED.size(); i++) {
          Drawn drawn = piece(draw(boots, random), random);
          FoundSlide found = find(vmlinux, drawn.frames());
          if (found.slide() != null) {
            known++;
            assertThat(found.slide().bytes()).isEqualTo(drawn.boot().slideBytes(vmlinux));
          } else if (drawn.framesInText() > 0) {
            assertThat(found.doubt()).isNotNull();
          }
        }
      }
    }
    assertThat(known).isBetween(STACKS / 2, STACKS - 1);
  }

  @Test
  void shortStacksOfSeveralBootsInOneInputNeverHaveTheSlideOfAnother() throws IOException {
    Random random = new Random(3);
    for (String kernel : BOOTED) {
      List<RealStacks> boots = RealStacks.of(kernel, scratch);
      try (DebugSymbols vmlinux = SymbolFiles.open(RealStacks.vmlinux(kernel))) {
        SlideFinder finder = new SlideFinder(vmlinux, null, address -> false);
        for (RealStacks boot : boots) {
          finder.find(boot.stacks().getFirst(), new SlideVotes());
        }
        int known = 0;
        for (int i = 0; i < STACKS; i++) {
          Drawn drawn = piece(draw(boots, random), random);
          Slide slide = finder.find(drawn.frames(), new SlideVotes()).slide();
          if (slide != null) {
            known++;
            assertThat(slide.bytes()).isEqualTo(drawn.boot().slideBytes(vmlinux));
          }
        }
        assertThat(known).isGreaterThan(STACKS * 3 / 4);
      }
    }
  }

  @Test
  void stacksOfAnotherKernelHaveNone() throws IOException {
    Random random = new Random(4);
    List<RealStacks> boots = RealStacks.of("6.12", scratch);
    try (DebugSymbols vmlinux = SymbolFiles.open(RealStacks.vmlinux("6.1"))) {
      for (int i = 0; i < 200; i++) {
        Drawn drawn = draw(boots, random);
        assertThat(find(vmlinux, drawn.frames()).slide()).as("%s", drawn.frames()).isNull();
      }
    }
  }

  @Test
  void stacksOfAddressesAreFromTheirKernelAmongFour() throws IOException {
    Random random = new Random(5);
    Map<String, String> releases = new LinkedHashMap<>();
    for (String kernel : List.of("6.12", "6.1", "6.12-rt", "6.1-rt")) {
      releases.put(kernel, KernelRelease.of(RealStacks.vmlinux(kernel)).name());
    }
    for (String kernel : BOOTED) {
      List<RealStacks> boots = RealStacks.of(kernel, scratch);
      for (int i = 0; i < 100; i++) {
        Drawn drawn = draw(boots, random);
        if (drawn.framesInText() >= 5) {
          assertThat(
                  identified(
                      releases, new StackEvent("test", 1, "", EventFacts.NONE, drawn.frames(), 1)))
              .as("%s", drawn.frames())
              .contains(releases.get(kernel));
        }
      }
    }
  }

  private final Map<String, DebugSymbols> open = new LinkedHashMap<>();

  private Optional<String> identified(Map<String, String> releases, StackEvent stack)
      throws IOException {
    KernelCandidates candidates = new KernelCandidates();
    for (Map.Entry<String, String> kernel : releases.entrySet()) {
      DebugSymbols symbols = open.get(kernel.getKey());
      if (symbols == null) {
        symbols = SymbolFiles.open(RealStacks.vmlinux(kernel.getKey()));
        open.put(kernel.getKey(), symbols);
      }
      candidates.add(symbols, kernel.getValue());
    }
    candidates.add(stack);
    return candidates.winner().map(Score::release);
  }

  @Test
  void stacksOfNamesAreFromTheirKernelAmongFour() throws IOException {
    int stacks = 0;
    Map<String, String> releases = new LinkedHashMap<>();
    for (String kernel : List.of("6.12", "6.1", "6.12-rt", "6.1-rt")) {
      releases.put(kernel, KernelRelease.of(RealStacks.vmlinux(kernel)).name());
    }
    for (String kernel : BOOTED) {
      Path texts = Path.of("..", "testdata", "captures", kernel, "text");
      List<Path> files = new ArrayList<>();
      try (Stream<Path> listed = Files.list(texts)) {
        listed.sorted().forEach(files::add);
      }
      for (Path file : files) {
        for (StackEvent event : Texts.events(file)) {
          assertThat(identified(releases, event)).as("%s", file).contains(releases.get(kernel));
          stacks++;
        }
      }
    }
    assertThat(stacks).isGreaterThan(150);
  }

  @Test
  void modulesWhoseAddressesWereHiddenAreWhereTheyWereOrNowhere() throws IOException {
    for (String kernel : BOOTED) {
      RealStacks boot = RealStacks.of(kernel, scratch).getFirst();
      KernelFacts facts = boot.facts();
      List<LoadedModule> hidden =
          facts.modules().stream()
              .map(it -> new LoadedModule(it.name(), 0, it.sizeBytes(), it.buildId()))
              .toList();
      KernelFacts told =
          new KernelFacts(facts.source(), null, facts.buildId(), facts.symbols(), hidden, Map.of());
      Path vmlinux = RealStacks.vmlinux(kernel);
      Path modules = vmlinux.resolveSibling("../lib/modules").normalize();
      int known = 0;
      try (KernelImage image =
          KernelImage.open(vmlinux, modules, told, false, IndexCache.off(line -> {}))) {
        for (List<StackFrame> stack : boot.stacks()) {
          image.slide(stack, new SlideVotes());
        }
        for (LoadedModule module : facts.modules()) {
          for (long at = module.base(); module.covers(at); at += 0x100) {
            LoadedModule found = image.moduleAt(at);
            if (found != null) {
              assertThat(found.name()).isEqualTo(module.name());
              assertThat(found.base()).isEqualTo(module.base());
              known++;
              break;
            }
          }
        }
      }
      assertThat(known).as("modules found in %s", kernel).isGreaterThan(1);
    }
  }

  @Test
  void stacksOfAnotherBootThanTheCopyOfKallsymsAreNotResolvedByIt() throws IOException {
    Path testdata = Path.of("..", "testdata");
    Path text = testdata.resolve("stacks/6.1/bpftrace-hex.txt");
    KernelFacts copy =
        KernelFacts.NONE.with(Kallsyms.read(testdata.resolve("captures/6.1/kallsyms.xz")));
    KernelFacts booted = KernelFactsReader.read(text.resolveSibling("kernel.json"));
    Path vmlinux = RealStacks.vmlinux("6.1");
    try (KernelImage other =
            KernelImage.open(vmlinux, null, copy, false, IndexCache.off(line -> {}));
        KernelImage same =
            KernelImage.open(vmlinux, null, booted, false, IndexCache.off(line -> {}));
        EventReader events = Recordings.open(text.toString(), Files.newInputStream(text))) {
      int stacks = 0;
      for (StackEvent event = events.next(); event != null; event = events.next()) {
        SlideVotes votes = new SlideVotes();
        event.frames().stream().filter(other::misfits).forEach(frame -> votes.addMisfit());
        Slide slide = other.slide(event.frames(), votes).slide();
        Slide known = same.slide(event.frames(), new SlideVotes()).slide();
        assertThat(event.frames()).noneMatch(same::misfits);
        assertThat(slide).extracting(Slide::source).isEqualTo(Slide.Source.INFERRED);
        assertThat(slide).extracting(Slide::bytes).isEqualTo(known == null ? null : known.bytes());
        stacks++;
      }
      assertThat(stacks).isPositive();
      assertThat(other.warnings())
          .singleElement()
          .asString()
          .contains("kallsyms.xz: is of another boot than " + stacks + " stacks");
      assertThat(same.warnings()).isEmpty();
    }
  }

  /** Chains of calls as a stack has them: each call is in the function that the next one calls. */
  @ParameterizedTest
  @CsvSource({"arm64, 16", "i386, 13", "s390x, 14"})
  void chainsOfCallsOfOtherMachinesHaveTheirSlide(String kernel, int stepBits) throws IOException {
    Random random = new Random(6);
    try (DebugSymbols vmlinux = SymbolFiles.open(RealStacks.vmlinux(kernel))) {
      for (int tried = 0; tried < 30; tried++) {
        int steps = kernel.equals("i386") ? 1 << 15 : Integer.MAX_VALUE;
        long slide = (long) random.nextInt(steps) << stepBits;
        List<StackFrame> frames =
            chain(vmlinux, random).stream()
                .map(returnAddress -> StackFrame.ofAddress(returnAddress + slide))
                .toList();
        assertThat(find(vmlinux, frames).slide())
            .as("%s", frames)
            .extracting(Slide::bytes)
            .isEqualTo(slide);
      }
    }
  }

  /** Returns eight different return addresses of a chain of direct calls. */
  private static List<Long> chain(DebugSymbols vmlinux, Random random) {
    List<Symbol> functions = vmlinux.symbols().functions();
    List<Long> chain = new ArrayList<>();
    Symbol function = functions.get(random.nextInt(functions.size()));
    while (chain.size() < 8) {
      List<CallSite> sites =
          vmlinux.callSites(function.linkAddress()).stream()
              .filter(site -> !site.tailCall() && site.returnAddress() != 0)
              .filter(site -> !chain.contains(site.returnAddress()))
              .toList();
      CallSite site = sites.isEmpty() ? null : sites.get(random.nextInt(sites.size()));
      List<Symbol> called =
          site == null || site.callee() == null
              ? List.of()
              : vmlinux.symbols().named(site.callee());
      if (site != null) {
        chain.addFirst(site.returnAddress());
      }
      // Where a chain ends, another goes on, as the stack of an interrupt does.
      function =
          called.isEmpty() ? functions.get(random.nextInt(functions.size())) : called.getFirst();
    }
    return chain;
  }
}
