package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.MemorySymbols;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelCandidates.Score;
import dropsite.bytes.Bytes;
import dropsite.elf.ElfImage;
import dropsite.symbols.MachineCode;
import dropsite.symbols.MachineCode.Stretch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KernelCandidatesTest {
  private static final long TEXT_64 = 0xffffffff81000000L;
  private static final long TEXT_32 = 0xc1000000L;

  /** Returns a kernel that is nothing but calls of two bytes, {@code call *%eax}. */
  private static MemorySymbols callsOnly(int machine, long text) {
    MemorySegment memory = Arena.ofAuto().allocate(0x4000);
    for (long at = 0; at < memory.byteSize(); at += 2) {
      memory.set(ValueLayout.JAVA_BYTE, at, (byte) 0xff);
      memory.set(ValueLayout.JAVA_BYTE, at + 1, (byte) 0xd0);
    }
    Stretch stretch = new Stretch(text, new Bytes("vmlinux", ".text", memory, false));
    return new MemorySymbols().code(new MachineCode(machine, true, List.of(stretch)));
  }

  private static List<Score> ranked(Long... addresses) {
    try (KernelCandidates kernels = new KernelCandidates()) {
      kernels.add(callsOnly(ElfImage.EM_386, TEXT_32), "32");
      kernels.add(callsOnly(ElfImage.EM_X86_64, TEXT_64), "64");
      List<StackFrame> frames = Arrays.stream(addresses).map(StackFrame::ofAddress).toList();
      kernels.add(new StackEvent("text", 1, "", EventFacts.NONE, frames, 1));
      return kernels.ranked();
    }
  }

  @Test
  void aKernelThatCannotBeAtTheAddressesIsOutAndNotScored() {
    List<Score> wide = ranked(TEXT_64 + 0x106, TEXT_64 + 0x206, TEXT_64 + 0x306);
    assertThat(wide).extracting(Score::release).containsExactly("64", "32");
    assertThat(wide).extracting(Score::possible).containsExactly(true, false);
    assertThat(wide).extracting(Score::fitting).containsExactly(3, 0);
    List<Score> narrow = ranked(TEXT_32 + 0x106, TEXT_32 + 0x206, TEXT_32 + 0x306);
    assertThat(narrow).extracting(Score::release).containsExactly("32", "64");
    assertThat(narrow).extracting(Score::possible).containsExactly(true, false);
    assertThat(narrow).extracting(Score::fitting).containsExactly(3, 0);
  }

  @Test
  void addressesOfModulesAloneSayNothingOfTheirOwnMachine() {
    assertThat(ranked(0xffffffffc0a5f5f7L))
        .extracting(score -> score.release() + " " + score.possible())
        .containsExactly("64 true", "32 false");
  }
}
