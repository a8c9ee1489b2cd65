package dropsite.analyze.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.MemorySymbols;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.LoadedModule;
import dropsite.symbols.ConstantArgument;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StackResolverTest {
  private static final long TEXT = 0xffffffff81000000L;

  /** In caller, the call ends at 0x20; what follows is on another line. */
  private static MemorySymbols vmlinux() {
    return new MemorySymbols()
        .with("caller", TEXT, 0x100, "a.c", 10)
        .chain(
            TEXT + 0x10,
            MemorySymbols.inlined("wrapper", "a.h", 5),
            MemorySymbols.function("caller", "a.c", 11))
        .chain(TEXT + 0x20, MemorySymbols.function("caller", "a.c", 12))
        .with("last_call", TEXT + 0x100, 0x10, "a.c", 20)
        .with("next", TEXT + 0x110, 0x40, "a.c", 30)
        .with("twin", TEXT + 0x200, 0x40, "x.c", 1)
        .with("twin", TEXT + 0x240, 0x60, "y.c", 2)
        .with("twin", TEXT + 0x2a0, 0x60, "z.c", 3)
        .symbol("label", TEXT + 0x300, 0)
        .with("behind_label", TEXT + 0x340, 0x10, "b.c", 4)
        .with("__traceiter_event", TEXT + 0x400, 0x40, "t.h", 1);
  }

  private static StackFrame named(String symbol, long offset) {
    return StackFrame.ofSymbol(symbol, offset, -1);
  }

  private static StackFrame sized(String symbol, long offset, long size) {
    return StackFrame.ofSymbol(symbol, offset, size);
  }

  private static ResolvedStack resolve(KernelImage image, boolean exact, StackFrame... frames)
      throws IOException {
    return new StackResolver(image, exact)
        .resolve(new StackEvent("text", 1, "", EventFacts.NONE, List.of(frames), 1));
  }

  private static ResolvedFrame resolve(StackFrame frame) throws IOException {
    return resolve(image(), false, frame).frames().getFirst();
  }

  private static KernelImage image() {
    return KernelImage.of(vmlinux(), Map.of(), KernelFacts.NONE, false);
  }

  private static String chain(List<Layer> layers) {
    return layers.stream()
        .map(Layer::source)
        .map(source -> source.displayName() + " " + source.file() + ":" + source.line())
        .collect(Collectors.joining(" <- "));
  }

  @Test
  void returnAddressesBelongToTheCallBeforeThem() throws IOException {
    ResolvedFrame frame = resolve(named("caller", 0x20));
    assertThat(chain(frame.layers())).isEqualTo("wrapper a.h:5 <- caller a.c:11");
    assertThat(frame.offsetBytes()).isEqualTo(0x20);
    assertThat(frame.linkAddress()).isEqualTo(TEXT + 0x20);
  }

  @Test
  void programCountersAreLookedUpAsTheyAre() throws IOException {
    StackFrame counter = StackFrame.ofSymbol("caller", 0x20, -1).asProgramCounter();
    assertThat(chain(resolve(counter).layers())).isEqualTo("caller a.c:12");
    assertThat(chain(resolve(named("next", 0)).layers())).isEqualTo("next a.c:30");
    ResolvedStack exact = resolve(image(), true, named("caller", 0x20));
    assertThat(chain(exact.frames().getFirst().layers())).isEqualTo("caller a.c:12");
  }

  @Test
  void aCallMayBeTheLastInstructionOfItsFunction() throws IOException {
    assertThat(chain(resolve(named("last_call", 0x10)).layers())).isEqualTo("last_call a.c:20");
  }

  @Test
  void offsetsBeyondTheFunctionAreFlaggedNeverResolved() throws IOException {
    ResolvedFrame frame = resolve(named("next", 0x2000));
    assertThat(frame.layers()).isEmpty();
    assertThat(frame.note()).contains("offset 8192 is beyond the end of next (64 bytes)");
  }

  @Test
  void namesOfMonstrousFunctionsAreNotBelieved() throws IOException {
    ResolvedFrame frame = resolve(named("cleanup_module", 1325480));
    assertThat(frame.layers()).isEmpty();
    assertThat(frame.note()).contains("no function is 1325480 bytes long");
  }

  @Test
  void theSizeTellsFunctionsOfOneNameApart() throws IOException {
    assertThat(chain(resolve(sized("twin", 0x10, 0x40)).layers())).isEqualTo("twin x.c:1");
  }

  @Test
  void functionsThatNothingTellsApartAreAllListed() throws IOException {
    ResolvedFrame frame = resolve(sized("twin", 0x10, 0x60));
    assertThat(chain(frame.layers())).isEqualTo("twin y.c:2");
    assertThat(frame.others()).extracting(StackResolverTest::chain).containsExactly("twin z.c:3");
    assertThat(frame.note()).contains("2 functions have this name");
    assertThat(frame.linkAddress()).isNull();
  }

  @Test
  void anotherSizeThanTheFilesIsSaid() throws IOException {
    ResolvedFrame frame = resolve(sized("next", 0x10, 0x77));
    assertThat(chain(frame.layers())).isEqualTo("next a.c:30");
    assertThat(frame.note()).contains("0x77", "0x40", "another build?");
  }

  @Test
  void theDistanceToTheNextSymbolIsASizeToo() throws IOException {
    // Kallsyms knows no sizes: next is 0x40 long and the next symbol 0xf0 away.
    assertThat(resolve(sized("next", 0x10, 0xf0)).note()).isNull();
  }

  @Test
  void unknownNamesKeepTheirNameAndSayWhy() throws IOException {
    ResolvedFrame frame = resolve(named("nft_something", 16));
    assertThat(frame.hasSource()).isFalse();
    assertThat(frame.layers().getFirst().source().canonicalName()).isEqualTo("nft_something");
    assertThat(frame.note()).contains("no such symbol");
  }

  @Test
  void withoutAnyFileNamesAreKept() throws IOException {
    KernelImage none = KernelImage.of(null, Map.of(), KernelFacts.NONE, false);
    ResolvedFrame frame = resolve(none, false, named("ip_rcv.isra.0", 16)).frames().getFirst();
    assertThat(frame.layers().getFirst().source().canonicalName()).isEqualTo("ip_rcv");
    assertThat(frame.note()).isNull();
  }

  @Test
  void aModuleOfAnotherBuildThanTheStackPrintsIsNotUsed() throws IOException {
    MemorySymbols module =
        new MemorySymbols().with("hook", 0x1000, 0x100, "m.c", 9).buildId("cafe").asModule();
    KernelImage image = KernelImage.of(null, Map.of("mod", module), KernelFacts.NONE, false);
    StackFrame frame = named("hook", 0x10).in("mod");
    assertThat(chain(resolve(image, false, frame.withBuildId("cafe")).frames().getFirst().layers()))
        .isEqualTo("hook m.c:9");
    assertThat(image.warnings()).isEmpty();
    ResolvedFrame other = resolve(image, false, frame.withBuildId("beef")).frames().getFirst();
    assertThat(other.hasSource()).isFalse();
    assertThat(image.warnings()).singleElement().asString().contains("cafe", "beef", "not used");
  }

  @Test
  void theAddressWinsOverANameThatDisagrees() throws IOException {
    KernelFacts facts =
        new KernelFacts(
            "kernel.json",
            null,
            null,
            Map.of(),
            List.of(new LoadedModule("mod", 0xffffffffc0000000L, 0x2000, null)),
            Map.of());
    MemorySymbols module =
        new MemorySymbols().with("real_name", 0x1000, 0x100, "m.c", 9).asModule();
    KernelImage image = KernelImage.of(vmlinux(), Map.of("mod", module), facts, false);
    StackFrame given = StackFrame.ofSymbol("nonsense", 4096, -1).at(0xffffffffc0000010L);
    ResolvedStack stack = resolve(image, false, given);
    ResolvedFrame frame = stack.frames().getFirst();
    assertThat(frame.symbol()).isEqualTo("real_name");
    assertThat(frame.offsetBytes()).isEqualTo(0x10);
    assertThat(frame.module()).isEqualTo("mod");
    assertThat(stack.repairs())
        .singleElement()
        .satisfies(repair -> assertThat(repair.evidence()).contains("nonsense+4096", "real_name"));
  }

  @Test
  void aNameInAModuleWithoutFileIsNotTrustedWhenTheTextNamesNoModule() throws IOException {
    KernelFacts facts =
        new KernelFacts(
            "kernel.json",
            null,
            null,
            Map.of(),
            List.of(new LoadedModule("mod", 0xffffffffc0000000L, 0x2000, null)),
            Map.of());
    KernelImage image = KernelImage.of(vmlinux(), Map.of(), facts, false);
    ResolvedFrame frame =
        resolve(image, false, StackFrame.ofSymbol("caller", 64, -1).at(0xffffffffc0000010L))
            .frames()
            .getFirst();
    assertThat(frame.layers()).isEmpty();
    assertThat(frame.module()).isEqualTo("mod");
    assertThat(frame.note()).contains("not to be trusted");
  }

  @Test
  void theProbesOwnFramesAreHiddenWithTheNamelessOnesAmongThem() throws IOException {
    ResolvedStack stack =
        resolve(
            image(),
            false,
            StackFrame.ofAddress(0xffffffffc0001234L),
            named("bpf_trace_run4", 60),
            named("__traceiter_event", 16),
            named("caller", 0x20),
            named("bpf_prog_run", 0x20));
    assertThat(stack.frames())
        .extracting(ResolvedFrame::hidden)
        .containsExactly(true, true, true, false, false);
    assertThat(stack.visibleFrames()).hasSize(2);
  }

  @Test
  void namelessFramesOnTopOfOrdinaryOnesStay() throws IOException {
    ResolvedStack stack =
        resolve(image(), false, StackFrame.ofAddress(0xffffffffc0001234L), named("caller", 0x20));
    assertThat(stack.visibleFrames()).hasSize(2);
  }

  @Test
  void aRepeatedTopFrameIsShownOnce() throws IOException {
    ResolvedStack stack =
        resolve(image(), false, named("caller", 0x20), named("caller", 0x20), named("next", 0x10));
    assertThat(stack.visibleFrames()).hasSize(2);
    assertThat(stack.repairs()).extracting(Repair::kind).containsExactly("repeated-top");
    stack = resolve(image(), false, named("caller", 0x20).asUnreliable(), named("caller", 0x20));
    assertThat(stack.visibleFrames()).hasSize(2);
  }

  @Test
  void constantArgumentsAreNamedByTheKernelsOwnEnumElseByRuleData() throws IOException {
    MemorySymbols vmlinux =
        hookCall(new ConstantArgument("hook", 3, null), new ConstantArgument("pf", 2, null));
    assertThat(arguments(vmlinux)).containsExactly("pf=NFPROTO_IPV4", "hook=NF_INET_LOCAL_OUT");
    vmlinux.enumeration("nf_inet_hooks", Map.of("NF_INET_OTHER", 3L));
    assertThat(arguments(vmlinux)).containsExactly("pf=NFPROTO_IPV4", "hook=NF_INET_OTHER");
    MemorySymbols bridge =
        hookCall(new ConstantArgument("hook", 2, null), new ConstantArgument("pf", 7, null));
    assertThat(arguments(bridge)).containsExactly("pf=NFPROTO_BRIDGE", "hook=NF_BR_FORWARD");
  }

  private static MemorySymbols hookCall(ConstantArgument... arguments) {
    return new MemorySymbols()
        .symbol("owner", TEXT, 0x100)
        .chain(
            TEXT,
            MemorySymbols.inlined("nf_hook", "n.h", 1),
            MemorySymbols.function("owner", "o.c", 2))
        .arguments(TEXT, List.of(List.of(arguments), List.of()));
  }

  private static List<String> arguments(MemorySymbols vmlinux) throws IOException {
    KernelImage image = KernelImage.of(vmlinux, Map.of(), KernelFacts.NONE, false);
    return resolve(image, false, named("owner", 8))
        .frames()
        .getFirst()
        .layers()
        .getFirst()
        .arguments()
        .stream()
        .map(argument -> argument.name() + "=" + argument.valueInWords())
        .toList();
  }

  @Test
  void assemblyLabelsReachToTheNextSymbol() throws IOException {
    @Nullable String note = resolve(named("label", 0x20)).note();
    assertThat(note).contains("no debugging information at this place");
    assertThat(resolve(named("label", 0x60)).note()).contains("beyond the end of label");
  }

  @Test
  void anOffsetBeyondThePrintedSizeIsAMistakeOfTheText() throws IOException {
    ResolvedFrame frame = resolve(sized("next", 0x30, 0x20));
    assertThat(frame.layers()).isEmpty();
    assertThat(frame.note()).contains("larger than the size printed");
  }

  @Test
  void framesThatLookLikeAnotherBuildAreCounted() throws IOException {
    KernelImage image = image();
    ImageFit fit = new ImageFit(image);
    fit.add(resolve(image, false, sized("next", 0x10, 0x77), sized("next", 0x10, 0x40)));
    assertThat(fit.otherBuild()).isEqualTo(1);
    fit.add(resolve(image, false, named("next", 0x2000)));
    assertThat(fit.otherBuild()).isEqualTo(2);
    assertThat(fit.doubt()).endsWith("2 frames look like another build's");
  }

  @Test
  void oneSizeOfAnotherBuildAmongManyThatFitDoesNotMakeItAnotherKernel() throws IOException {
    KernelImage image = image();
    ImageFit fit = new ImageFit(image);
    fit.add(resolve(image, false, sized("next", 0x10, 0x77)));
    assertThat(fit.doubt()).contains("is not of the recorded kernel", "next has another size");
    fit.add(resolve(image, false, sized("caller", 0x20, 0x100)));
    assertThat(fit.doubt()).contains("is not of the recorded kernel");
    fit.add(resolve(image, false, sized("next", 0x10, 0x40)));
    assertThat(fit.doubt())
        .startsWith("nothing shows")
        .endsWith("1 frame looks like another build's");
    fit.add(resolve(image, false, sized("caller", 0x20, 0x88)));
    assertThat(fit.doubt()).contains("next and 1 more have another size in the stack");
  }

  @Test
  void whatReportsAndTracersBringIsHiddenWithTheDoubtedFramesAmongIt() throws IOException {
    ResolvedStack stack =
        resolve(
            image(),
            false,
            named("dump_stack_lvl", 0x45),
            named("twin", 0x10).asUnreliable(),
            named("print_report", 0x10),
            named("caller", 0x20),
            named("next", 0x10).asUnreliable());
    assertThat(stack.frames())
        .extracting(ResolvedFrame::hidden)
        .containsExactly(true, true, true, false, false);
    assertThat(stack.frames())
        .extracting(ResolvedFrame::unreliable)
        .containsExactly(false, true, false, false, true);
  }

  @Test
  void aNameWithoutOffsetAgreesWithAnAddressInItsFunction() throws IOException {
    KernelFacts facts =
        new KernelFacts("kernel.json", null, null, Map.of("_text", TEXT), List.of(), Map.of());
    KernelImage image = KernelImage.of(vmlinux().symbol("_text", TEXT, 0), Map.of(), facts, false);
    StackFrame agreeing = named("next", StackFrame.UNKNOWN).at(TEXT + 0x120);
    assertThat(resolve(image, false, agreeing).repairs()).isEmpty();
    StackFrame contrary = named("next", StackFrame.UNKNOWN).at(TEXT + 0x20);
    assertThat(resolve(image, false, contrary).repairs())
        .extracting(Repair::kind)
        .containsExactly("renamed");
  }
}
