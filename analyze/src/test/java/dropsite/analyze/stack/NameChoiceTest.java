package dropsite.analyze.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.MemorySymbols;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.bytes.Bytes;
import dropsite.elf.ElfImage;
import dropsite.symbols.MachineCode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NameChoiceTest {
  private static final long TEXT = 0xffffffff81000000L;
  private static final long OUTER = TEXT;
  private static final long ONE = TEXT + 0x100;
  private static final long OTHER = TEXT + 0x200;
  private static final long INNER = TEXT + 0x300;
  private static final long FREE = TEXT + 0x400;
  private static final int TEXT_BYTES = 0x600;
  private static final int DISTANCE_BYTES = 4;
  private static final byte CALL = (byte) 0xe8;

  private final byte[] instructions = new byte[TEXT_BYTES];
  private final MemorySymbols symbols =
      new MemorySymbols()
          .with("outer", OUTER, 0x100, "o.c", 1)
          .with("twin", ONE, 0x100, "one.c", 2)
          .with("twin", OTHER, 0x100, "other.c", 3)
          .with("inner", INNER, 0x100, "i.c", 4)
          .with("free", FREE, 0x100, "f.c", 5)
          .call(OUTER, OUTER + 0x20, "twin", false);

  /** Says that a call returns to a place, and what its instruction calls. */
  private void instruction(long returnAddress, long callee) {
    int end = (int) (returnAddress - TEXT);
    instructions[end - DISTANCE_BYTES - 1] = CALL;
    for (int i = 0; i < DISTANCE_BYTES; i++) {
      instructions[end - DISTANCE_BYTES + i] = (byte) ((callee - returnAddress) >> (Byte.SIZE * i));
    }
  }

  private void withInstructions() {
    MachineCode.Stretch text =
        new MachineCode.Stretch(
            TEXT, new Bytes("vmlinux", ".text", MemorySegment.ofArray(instructions), false));
    symbols.code(new MachineCode(ElfImage.EM_X86_64, true, List.of(text)));
  }

  private static StackFrame at(String symbol, long offset) {
    return StackFrame.ofSymbol(symbol, offset, StackFrame.UNKNOWN);
  }

  private ResolvedStack resolve(StackFrame... frames) throws IOException {
    return new StackResolver(KernelImage.of(symbols, Map.of(), KernelFacts.NONE, false), false)
        .resolve(new StackEvent("text", 1, "", EventFacts.NONE, List.of(frames), 1));
  }

  private ResolvedStack twinBetweenInnerAndOuter() throws IOException {
    return resolve(at("inner", 0x40), at("twin", 0x50), at("outer", 0x20));
  }

  private static @Nullable String fileOf(ResolvedFrame frame) {
    return frame.layers().getFirst().source().file();
  }

  private static void assertOpen(ResolvedStack stack) {
    ResolvedFrame twin = stack.frames().get(1);
    assertThat(twin.candidates()).hasSize(2);
    assertThat(twin.linkAddress()).isNull();
    assertThat(twin.note()).contains("does not tell which");
    assertThat(stack.repairs()).isEmpty();
  }

  @Test
  void theInstructionOfTheFrameBelowDecides() throws IOException {
    instruction(OUTER + 0x20, OTHER);
    withInstructions();
    ResolvedStack stack = resolve(at("twin", 0x1), at("outer", 0x20));
    ResolvedFrame twin = stack.frames().getFirst();
    assertThat(fileOf(twin)).isEqualTo("other.c");
    assertThat(twin.linkAddress()).isEqualTo(OTHER + 1);
    assertThat(twin.others()).isEmpty();
    assertThat(twin.note()).isNull();
    assertThat(stack.repairs())
        .containsExactly(
            new Repair(
                "chosen",
                0,
                "2 functions fit twin+0x1; the call that returns to outer+0x20 is of the one at"
                    + " 0xffffffff81000200"));
  }

  @Test
  void anInstructionThatNobodyRecordedDecidesToo() throws IOException {
    instruction(OUTER + 0x30, ONE);
    withInstructions();
    ResolvedFrame twin = resolve(at("twin", 0x1), at("outer", 0x30)).frames().getFirst();
    assertThat(fileOf(twin)).isEqualTo("one.c");
  }

  @Test
  void theOnlyOneThatCallsTheFrameAboveIsTaken() throws IOException {
    symbols.call(ONE, ONE + 0x50, "free", false).call(OTHER, OTHER + 0x50, "inner", false);
    instruction(ONE + 0x50, FREE);
    instruction(OTHER + 0x50, INNER);
    withInstructions();
    ResolvedStack stack = twinBetweenInnerAndOuter();
    assertThat(fileOf(stack.frames().get(1))).isEqualTo("other.c");
    assertThat(stack.repairs())
        .containsExactly(
            new Repair(
                "chosen",
                1,
                "2 functions fit twin+0x50; only one has a call there that may lead to inner, the"
                    + " one at 0xffffffff81000200"));
  }

  @Test
  void theOnlyOneThatAnyCallReturnsToIsTaken() throws IOException {
    symbols.call(ONE, ONE + 0x50, "inner", false);
    instruction(ONE + 0x50, INNER);
    withInstructions();
    assertThat(fileOf(twinBetweenInnerAndOuter().frames().get(1))).isEqualTo("one.c");
  }

  @Test
  void aFileWithoutInstructionsDoesNotSayWhereNoCallIs() throws IOException {
    symbols.call(ONE, ONE + 0x50, "inner", false);
    assertOpen(twinBetweenInnerAndOuter());
  }

  @Test
  void whereBothCallTheFrameAboveBothStay() throws IOException {
    symbols.call(ONE, ONE + 0x50, "inner", false).call(OTHER, OTHER + 0x50, "inner", false);
    assertOpen(twinBetweenInnerAndOuter());
  }

  @Test
  void aCallThroughAPointerMayBeOfTheFrameAbove() throws IOException {
    symbols.call(ONE, ONE + 0x50, "inner", false).call(OTHER, OTHER + 0x50, null, false);
    assertOpen(twinBetweenInnerAndOuter());
  }

  @Test
  void aFunctionThatPassesOnToTheFrameAboveMayBeMeant() throws IOException {
    symbols
        .call(ONE, ONE + 0x50, "inner", false)
        .call(OTHER, OTHER + 0x50, "free", false)
        .call(FREE, FREE + 0x30, "inner", true);
    assertOpen(twinBetweenInnerAndOuter());
  }

  @Test
  void callsThatContradictEachOtherDecideNothing() throws IOException {
    symbols.call(ONE, ONE + 0x50, "inner", false).call(OTHER, OTHER + 0x50, "free", false);
    instruction(OUTER + 0x20, OTHER);
    instruction(ONE + 0x50, INNER);
    instruction(OTHER + 0x50, FREE);
    withInstructions();
    ResolvedStack stack = twinBetweenInnerAndOuter();
    assertThat(stack.frames().get(1).candidates()).hasSize(2);
    assertThat(stack.repairs()).extracting(Repair::kind).doesNotContain("chosen");
  }

  @Test
  void framesThatTheUnwinderDoubtsAreNotDecided() throws IOException {
    instruction(OUTER + 0x20, OTHER);
    withInstructions();
    ResolvedStack stack =
        resolve(at("inner", 0x40), at("twin", 0x50).asUnreliable(), at("outer", 0x20));
    assertThat(stack.frames().get(1).candidates()).hasSize(2);
  }

  @Test
  void aChoiceDecidesTheNext() throws IOException {
    symbols
        .with("leaf", TEXT + 0x500, 0x20, "l.c", 6)
        .with("leaf", TEXT + 0x520, 0x20, "m.c", 7)
        .call(OTHER, OTHER + 0x50, "leaf", false);
    instruction(OUTER + 0x20, OTHER);
    instruction(OTHER + 0x50, TEXT + 0x520);
    withInstructions();
    ResolvedStack stack = resolve(at("leaf", 0x1), at("twin", 0x50), at("outer", 0x20));
    assertThat(stack.frames())
        .extracting(NameChoiceTest::fileOf)
        .containsExactly("m.c", "other.c", "o.c");
  }
}
