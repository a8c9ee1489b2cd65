package dropsite.analyze.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.MemorySymbols;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StackRepairTest {
  private static final long TEXT = 0xffffffff81000000L;
  private static final long OUTER = TEXT;
  private static final long MIDDLE = TEXT + 0x100;
  private static final long LAST = TEXT + 0x200;
  private static final long FREE = TEXT + 0x300;
  private static final long OTHER = TEXT + 0x400;
  private static final boolean TAIL = true;
  private static final boolean ORDINARY = false;

  /** outer calls middle at 0x20; the calls of the others differ from test to test. */
  private static MemorySymbols symbols() {
    return new MemorySymbols()
        .with("outer", OUTER, 0x100, "o.c", 1)
        .with("middle", MIDDLE, 0x100, "m.c", 2)
        .with("last", LAST, 0x100, "l.c", 3)
        .with("free", FREE, 0x100, "f.c", 4)
        .with("other", OTHER, 0x100, "x.c", 5)
        .with("asm_exc_page_fault", TEXT + 0x500, 0x40, "entry.S", 6)
        .with("asm_sysvec_call_function", TEXT + 0x540, 0x40, "entry.S", 7)
        .with("handle_softirqs", TEXT + 0x580, 0x40, "softirq.c", 8)
        .call(OUTER, OUTER + 0x20, "middle", ORDINARY);
  }

  private static StackFrame at(String symbol, long offset) {
    return StackFrame.ofSymbol(symbol, offset, StackFrame.UNKNOWN);
  }

  private static ResolvedStack resolve(MemorySymbols symbols, StackFrame... frames)
      throws IOException {
    return resolve(symbols, List.of(frames));
  }

  private static ResolvedStack resolve(MemorySymbols symbols, List<StackFrame> frames)
      throws IOException {
    KernelImage image = KernelImage.of(symbols, Map.of(), KernelFacts.NONE, false);
    return new StackResolver(image, false)
        .resolve(new StackEvent("text", 1, "", EventFacts.NONE, frames, 1));
  }

  private static List<String> names(ResolvedStack stack) {
    return stack.whole().stream()
        .map(frame -> frame.symbol() + (frame.elided() ? " (elided)" : ""))
        .toList();
  }

  @Test
  void framesThatCallEachOtherStayAsTheyAre() throws IOException {
    ResolvedStack stack = resolve(symbols(), at("middle", 0x10), at("outer", 0x20));
    assertThat(names(stack)).containsExactly("middle", "outer");
    assertThat(stack.repairs()).isEmpty();
  }

  @Test
  void anAliasOfTheFunctionCalledIsThatFunction() throws IOException {
    MemorySymbols symbols = symbols().symbol("alias", FREE, 0x100);
    symbols.call(LAST, LAST + 0x20, "alias", ORDINARY);
    ResolvedStack stack = resolve(symbols, at("free", 0x40), at("last", 0x20));
    assertThat(stack.repairs()).isEmpty();
  }

  @Test
  void functionsThatPassedOnByTailCallsAreShownWithTheLineOfTheJump() throws IOException {
    MemorySymbols symbols =
        symbols()
            .call(MIDDLE, MIDDLE + 0x30, "last", TAIL)
            .call(LAST, LAST + 0x30, "free", TAIL)
            .chain(LAST + 0x20, MemorySymbols.function("last", "l.c", 33));
    ResolvedStack stack = resolve(symbols, at("free", 0x40), at("outer", 0x20));
    assertThat(names(stack)).containsExactly("free", "last (elided)", "middle (elided)", "outer");
    assertThat(stack.frames()).hasSize(2);
    assertThat(stack.elided().getFirst().getFirst().layers().getFirst().source().line())
        .isEqualTo(33);
    assertThat(stack.repairs())
        .containsExactly(
            new Repair(
                "elided",
                0,
                "the call that returns to outer+0x20 is of middle, which jumps to last, which"
                    + " jumps to free"));
  }

  @Test
  void theCallerOfAFunctionStoppedOnEntryIsShown() throws IOException {
    MemorySymbols symbols = symbols().call(MIDDLE, MIDDLE + 0x30, "free", ORDINARY);
    assertThat(names(resolve(symbols, at("free", 1), at("outer", 0x20))))
        .containsExactly("free", "middle (elided)", "outer");
    assertThat(names(resolve(symbols, at("free", 0), at("outer", 0x20))))
        .containsExactly("free", "middle (elided)", "outer");
    assertThat(names(resolve(symbols, at("free", 0x50).asProgramCounter(), at("outer", 0x20))))
        .containsExactly("free", "middle (elided)", "outer");
  }

  @Test
  void anOrdinaryCallLeavesAFrameWhereNothingWasStoppedOnEntry() throws IOException {
    MemorySymbols symbols = symbols().call(MIDDLE, MIDDLE + 0x30, "free", ORDINARY);
    assertThat(names(resolve(symbols, at("free", 0x50), at("outer", 0x20))))
        .containsExactly("free", "outer");
    symbols.call(FREE, FREE + 0x50, "other", ORDINARY);
    assertThat(names(resolve(symbols, at("other", 1), at("free", 0x50), at("outer", 0x20))))
        .containsExactly("other", "free", "outer");
  }

  @Test
  void severalCallsInOneFunctionLeaveItsLineOpen() throws IOException {
    MemorySymbols symbols =
        symbols()
            .call(MIDDLE, MIDDLE + 0x30, "free", TAIL)
            .call(MIDDLE, MIDDLE + 0x60, "free", TAIL)
            .chain(MIDDLE + 0x40, MemorySymbols.function("middle", "m.c", 22));
    ResolvedStack stack = resolve(symbols, at("free", 0x40), at("outer", 0x20));
    assertThat(names(stack)).containsExactly("free", "middle (elided)", "outer");
    assertThat(stack.elided().getFirst().getFirst().layers().getFirst().source().line()).isZero();
    assertThat(stack.repairs().getFirst().evidence()).contains("(line 2 or 22)");
  }

  @Test
  void severalWaysAreListedAndNoneIsTaken() throws IOException {
    MemorySymbols symbols =
        symbols()
            .call(MIDDLE, MIDDLE + 0x30, "free", TAIL)
            .call(MIDDLE, MIDDLE + 0x60, "last", TAIL)
            .call(LAST, LAST + 0x30, "free", TAIL);
    ResolvedStack stack = resolve(symbols, at("free", 0x40), at("outer", 0x20));
    assertThat(names(stack)).containsExactly("free", "outer");
    assertThat(stack.repairs())
        .containsExactly(
            new Repair(
                "elided-candidates",
                1,
                "the call that returns to outer+0x20 is of middle, which jumps to free; or of"
                    + " middle, which jumps to last, which jumps to free"));
    assertThat(stack.frames().getLast().note()).contains("or of middle");
  }

  @Test
  void functionsThatJumpInCirclesEndTheSearch() throws IOException {
    MemorySymbols symbols =
        symbols()
            .call(MIDDLE, MIDDLE + 0x30, "last", TAIL)
            .call(LAST, LAST + 0x30, "middle", TAIL)
            .call(LAST, LAST + 0x40, "last", TAIL);
    assertThat(names(resolve(symbols, at("free", 0x40), at("outer", 0x20))))
        .containsExactly("free", "outer");
  }

  @Test
  void callsThroughPointersSayNothing() throws IOException {
    MemorySymbols symbols =
        symbols()
            .call(LAST, LAST + 0x20, null, ORDINARY)
            .call(FREE, FREE + 0x20, "__SCT__something", ORDINARY);
    assertThat(resolve(symbols, at("free", 0x20), at("last", 0x20)).repairs()).isEmpty();
    assertThat(resolve(symbols, at("last", 0x20), at("free", 0x20)).repairs()).isEmpty();
  }

  @Test
  void aPartOfAFunctionIsFoundByTheFunctionsName() throws IOException {
    MemorySymbols symbols =
        symbols()
            .with("outer_part.part.0", TEXT + 0x600, 0x40, "p.c", 9)
            .call(LAST, LAST + 0x20, "outer_part", ORDINARY)
            .call(TEXT + 0x600, TEXT + 0x620, "free", TAIL);
    assertThat(names(resolve(symbols, at("free", 0x40), at("last", 0x20))))
        .containsExactly("free", "outer_part.part.0 (elided)", "last");
  }

  @Test
  void filesWithoutTailCallsSayNothingFalse() throws IOException {
    MemorySymbols symbols = symbols().withoutTailCalls();
    ResolvedStack stack = resolve(symbols, at("free", 0x40), at("outer", 0x20));
    assertThat(stack.repairs()).isEmpty();
    assertThat(stack.frames().getLast().note()).isNull();
  }

  @Test
  void whatAnEntryInterruptedIsAProgramCounter() throws IOException {
    ResolvedStack stack =
        resolve(
            symbols(),
            at("free", 0x20),
            at("asm_exc_page_fault", 0x10),
            at("last", 0x20),
            at("outer", 0x20));
    assertThat(stack.frames())
        .extracting(ResolvedFrame::exact)
        .containsExactly(false, false, true, false);
  }

  @Test
  void anInterruptOnTopOfATaskIsToldApart() throws IOException {
    ResolvedStack stack =
        resolve(
            symbols(),
            at("free", 0x20),
            at("handle_softirqs", 0x20),
            at("last", 0x20),
            at("asm_sysvec_call_function", 0x10),
            at("middle", 0x20),
            at("outer", 0x20));
    assertThat(stack.frames())
        .extracting(ResolvedFrame::context)
        .containsExactly("SOFTIRQ", "SOFTIRQ", "IRQ", "TASK", "TASK", "TASK");
  }

  @Test
  void markersInTheTextStandAboveWhatFunctionsTell() throws IOException {
    ResolvedStack stack =
        resolve(
            symbols(),
            at("free", 0x20).asProgramCounter(),
            at("handle_softirqs", 0x20).inContext("IRQ"),
            at("last", 0x20).inContext("TASK"));
    assertThat(stack.frames())
        .extracting(ResolvedFrame::context)
        .containsExactly("IRQ", "IRQ", "TASK");
  }

  @Test
  void doubtedFramesAreLeftOutOfTheCallsUnlessTheCallsNameThem() throws IOException {
    MemorySymbols symbols = symbols().call(MIDDLE, MIDDLE + 0x30, "free", ORDINARY);
    ResolvedStack stack =
        resolve(
            symbols,
            at("free", 0x40),
            at("last", 0x30).asUnreliable(),
            at("middle", 0x30).asUnreliable(),
            at("outer", 0x20),
            at("last", 0x10).asUnreliable());
    assertThat(stack.calls())
        .extracting(ResolvedFrame::symbol)
        .containsExactly("free", "middle", "outer");
    assertThat(stack.frames())
        .extracting(ResolvedFrame::unreliable)
        .containsExactly(false, true, false, false, true);
    assertThat(stack.repairs()).extracting(Repair::kind).containsExactly("promoted");
  }

  @Test
  void doubtedFramesBetweenTwoThatCallEachOtherAreLeftovers() throws IOException {
    ResolvedStack stack =
        resolve(
            symbols(), at("middle", 0x40), at("middle", 0x30).asUnreliable(), at("outer", 0x20));
    assertThat(stack.repairs()).isEmpty();
    assertThat(stack.frames().get(1).unreliable()).isTrue();
  }

  @Test
  void aStackOfTheMostFramesThatAreKeptIsCutUnlessItEndsInAnEntry() throws IOException {
    List<StackFrame> frames = new ArrayList<>();
    for (int i = 0; i < 127; i++) {
      frames.add(at("other", 0x10));
    }
    assertThat(resolve(symbols(), frames).repairs()).extracting(Repair::kind).contains("cut");
    frames.set(125, at("asm_exc_page_fault", 0x10));
    assertThat(resolve(symbols(), frames).repairs()).extracting(Repair::kind).doesNotContain("cut");
    frames.set(126, at("asm_exc_page_fault", 0x10));
    assertThat(resolve(symbols(), frames).repairs()).extracting(Repair::kind).doesNotContain("cut");
    assertThat(resolve(symbols(), frames.subList(0, 100)).repairs())
        .extracting(Repair::kind)
        .doesNotContain("cut");
  }
}
