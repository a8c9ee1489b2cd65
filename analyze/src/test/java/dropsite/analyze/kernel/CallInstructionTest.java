package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.bytes.Bytes;
import dropsite.symbols.MachineCode;
import dropsite.symbols.MachineCode.Stretch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes as GNU as makes them of the instructions beside them. */
final class CallInstructionTest {
  private static final long TEXT = 0xffffffff81000000L;
  private static final int EM_386 = 3;
  private static final int EM_S390 = 22;
  private static final int EM_X86_64 = 62;
  private static final int EM_AARCH64 = 183;
  private static final int EM_RISCV = 243;

  private static boolean ends(int machine, String hex, boolean linked) {
    byte[] given = HexFormat.of().parseHex(hex.replace(" ", ""));
    MemorySegment memory = Arena.ofAuto().allocate(given.length);
    memory.copyFrom(MemorySegment.ofArray(given));
    Stretch stretch = new Stretch(TEXT, new Bytes("test", ".text", memory, machine == EM_S390));
    MachineCode code = new MachineCode(machine, linked, List.of(stretch));
    return KernelMachine.of(code).orElseThrow().calls(code).endsAt(stretch, given.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "e8 fb ff ff ff", // call .
        "90 90 90 e8 f8 ff ff ff", // call .-3
        "ff d0", // call *%rax
        "41 ff d3", // call *%r11
        "3e ff d0", // notrack call *%rax
        "ff 10", // call *(%rax)
        "ff 50 18", // call *0x18(%rax)
        "41 ff 54 24 08", // call *0x8(%r12)
        "ff 90 80 00 00 00", // call *0x80(%rax)
        "ff 14 24", // call *(%rsp)
        "ff 14 c5 00 00 a0 82", // call *-0x7d600000(,%rax,8)
        "ff 15 00 10 00 00", // call *0x1000(%rip)
        "65 ff 15 00 10 00 00", // call *%gs:0x1000(%rip)
        "ff 94 c3 80 00 00 00" // call *0x80(%rbx,%rax,8)
      })
  void callsOfX86(String hex) {
    assertThat(ends(EM_X86_64, hex, true)).isTrue();
    assertThat(ends(EM_386, hex, true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "e9 00 00 00 00", // jmp .+5
        "e8 00 00 00 7f", // a call that leads out of the code
        "ff e0", // jmp *%rax
        "ff c0", // inc %eax
        "ff d0 90", // call *%rax; nop
        "ff 50", // cut: call *disp8(%rax)
        "ff 15 00 10 00", // cut
        "d0",
        "e8"
      })
  void otherInstructionsOfX86(String hex) {
    assertThat(ends(EM_X86_64, hex, true)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"e8 00 00 00 7f", "e8 00 00 00 00"})
  void targetsOfCallsThatAreNotFilledInSayNothing(String hex) {
    assertThat(ends(EM_X86_64, hex, false)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "02 00 00 94, true", // bl .+8
    "fe ff ff 97, true", // bl .-8
    "00 02 3f d6, true", // blr x16
    "1f 0b 3f d6, true", // blraaz x24
    "41 0c 3f d7, true", // blrab x2, x1
    "02 00 00 14, false", // b .+8
    "00 02 1f d6, false", // br x16
    "c0 03 5f d6, false", // ret
    "00 94, false"
  })
  void callsOfArm64(String hex, boolean call) {
    assertThat(ends(EM_AARCH64, hex, true)).isEqualTo(call);
  }

  @ParameterizedTest
  @CsvSource({
    "ef 00 80 00, true", // jal ra, .+8
    "e7 80 07 00, true", // jalr ra, 0(a5)
    "82 97, true", // c.jalr a5
    "6f 00 80 00, false", // j .+8
    "67 80 00 00, false", // ret
    "02 90, false", // c.ebreak
    "82 87, false" // c.jr a5
  })
  void callsOfRiscv(String hex, boolean call) {
    assertThat(ends(EM_RISCV, hex, true)).isEqualTo(call);
  }

  @ParameterizedTest
  @CsvSource({
    "c0 e5 00 00 00 08, true", // brasl %r14, .+16
    "a7 e5 00 08, true", // bras %r14, .+16
    "0d e1, true", // basr %r14, %r1
    "4d e0 10 00, true", // bas %r14, 0(%r1)
    "0d e0, false", // basr %r14, 0
    "c0 f4 00 00 00 08, false", // jg .+16
    "c0 05 00 00 00 08, false", // brasl %r0, .+16
    "07 fe, false" // br %r14
  })
  void callsOfS390x(String hex, boolean call) {
    assertThat(ends(EM_S390, hex, true)).isEqualTo(call);
  }
}
