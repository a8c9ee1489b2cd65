package dropsite.analyze.input;

import static dropsite.analyze.input.StackWords.inWords;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Frames are written as {@link StackWords} does. */
final class PrintkMachinesTest {

  @Test
  void i386NamesThePlaceALineBelowItsAddress() throws IOException {
    assertThat(
            inWords(
                """
                BUG: unable to handle kernel NULL pointer dereference at 00000000
                IP: [<c0123456>] top+0x12/0x30
                EIP: 0060:[<c0123456>] EFLAGS: 00010246 CPU: 0
                EIP is at top+0x12/0x30
                EAX: 00000000 EBX: 00000001 ECX: 00000002 EDX: 00000003
                Call Trace:
                 [<c0100010>] one+0x10/0x20
                Code: 55 89
                EIP: [<c0123456>] top+0x12/0x30 SS:ESP 0068:c1001d40
                """))
        .containsExactly(
            "place 2 \"IP: [<c0123456>] top+0x12/0x30\"",
            "2 0xc0123456 top+0x12 pc",
            "stack 3 \"BUG: unable to handle kernel NULL pointer dereference at 00000000\"",
            "3 0xc0123456 top+0x12 pc",
            "7 0xc0100010 one+0x10",
            "place 9 \"EIP: [<c0123456>] top+0x12/0x30 SS:ESP 0068:c1001d40\"",
            "9 0xc0123456 top+0x12 pc");
    assertThat(
            inWords(
                """
                EIP: top+0x1a/0x70
                EFLAGS: 00010286 CPU: 0
                Call Trace:
                 one+0x2/0x4
                EIP: 0xb7f3d549
                """))
        .containsExactly("stack 1 \"\"", "1 top+0x1a pc", "4 one+0x2");
  }

  @Test
  void arm64BeginsWithThePlaceOfPcOnlyWhereRegistersWerePrinted() throws IOException {
    assertThat(
            inWords(
                """
                Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010
                Internal error: Oops: 96000004 [#1] SMP
                CPU: 2 PID: 9 Comm: ksoftirqd/2 Not tainted 6.1.0 #1
                pstate: 60000005 (nZCv daif -PAN -UAO -TCO -DIT -SSBS BTYPE=--)
                pc : top+0x2c0/0xd20
                lr : top+0x1f0/0xd20
                sp : ffff800008003b50
                x29: ffff800008003b50 x28: ffff00000a2b2000 x27: 0000000000000000
                Call trace:
                 top+0x2c0/0xd20
                 top+0x2c0/0xd20
                 one+0x4c/0x250 (P)
                Kernel panic - not syncing: Oops: Fatal exception
                Call trace:
                 top+0x2c0/0xd20
                """))
        .containsExactly(
            "place 5 \"pc : top+0x2c0/0xd20\"",
            "5 top+0x2c0 pc",
            "place 6 \"lr : top+0x1f0/0xd20\"",
            "6 top+0x1f0",
            "stack 10 \"Unable to handle kernel NULL pointer dereference at virtual address"
                + " 0000000000000010\" ksoftirqd/2/9",
            "10 top+0x2c0 pc",
            "11 top+0x2c0",
            "12 one+0x4c pc",
            "stack 15 \"Kernel panic - not syncing: Oops: Fatal exception\"",
            "15 top+0x2c0");
  }

  @Test
  void aCallOfNothingIsAFrameAtNothing() throws IOException {
    assertThat(inWords("pc : 0x0\nlr : f+0x4/0x8\nCall trace:\n 0x0\n f+0x4/0x8\n"))
        .containsExactly(
            "place 1 \"pc : 0x0\"",
            "1 0x0 null pc",
            "place 2 \"lr : f+0x4/0x8\"",
            "2 f+0x4",
            "stack 4 \"\"",
            "4 0x0 null pc",
            "5 f+0x4");
    assertThat(inWords("RIP: 0010:0x0\nCall Trace:\n f+0x4/0x8\n"))
        .containsExactly("stack 1 \"\"", "1 0x0 null pc", "3 f+0x4");
    assertThat(inWords("EIP: 0x0\nCall Trace:\n f+0x4/0x8\n"))
        .containsExactly("stack 1 \"\"", "1 0x0 null pc", "3 f+0x4");
  }

  @Test
  void armPrintsEachCallerTwice() throws IOException {
    assertThat(
            inWords(
                """
                PC is at top+0x14/0x6c
                LR is at one+0x40/0x9c
                pc : [<c07a1b34>]    lr : [<c080d2f8>]    psr: 60000013
                Stack: (0xc1001d40 to 0xc1002000)
                1d40: c1001d6c c1001d50 c080d2f8 c07a1b2c c2a4f500 c2a4f500 00000000 c2a4f5c4
                Backtrace:
                [<c07a1b34>] (top) from [<c080d2f8>] (one+0x40/0x9c)
                [<c080d2f8>] (one [tun]) from [<c08107ac>] (two+0x5a4/0x6b8 [tun])
                Exception stack(0xc0d01f28 to 0xc0d01f70)
                1f20:                   00000000 c0d00000
                [<c08107ac>] (two [tun]) from [<c0900000>] (three+0x4/0x8)
                """))
        .containsExactly(
            "place 1 \"PC is at top+0x14/0x6c\"",
            "1 top+0x14 pc",
            "place 2 \"LR is at one+0x40/0x9c\"",
            "2 one+0x40",
            "place 3 \"pc : [<c07a1b34>]    lr : [<c080d2f8>]    psr: 60000013\"",
            "3 0xc07a1b34 null pc",
            "place 3 \"pc : [<c07a1b34>]    lr : [<c080d2f8>]    psr: 60000013\"",
            "3 0xc080d2f8 null",
            "stack 7 \"\"",
            "7 0xc07a1b34 top+0x14 pc",
            "7 0xc080d2f8 one+0x40",
            "8 0xc08107ac two+0x5a4 [tun]",
            "11 0xc0900000 three+0x4");
    assertThat(
            inWords(
                """
                CPU: 0 PID: 1 Comm: init Not tainted 6.1.0 #1
                 unwind from show+0x10/0x14
                 show from dump [m]+0x1
                 show from dump+0x58/0x70 [m]
                """))
        .containsExactly(
            "stack 2 \"CPU: 0 PID: 1 Comm: init Not tainted 6.1.0 #1\" init/1",
            "2 unwind",
            "2 show+0x10",
            "stack 4 \"\"",
            "4 show",
            "4 dump+0x58 [m]");
  }

  @Test
  void riscvBeginsWithThePlaceOfEpc() throws IOException {
    assertThat(
            inWords(
                """
                epc : top+0x56/0x4be ra : one+0x4e/0x88
                epc : ffffffff8063d3b2 ra : ffffffff80636a0e sp : ff2000000045b9a0
                 gp : ffffffff81500a80 tp : ff600000026c9a80 t0 : 0000000000000000
                [<ffffffff8063d3b2>] top+0x56/0x4be
                [<ffffffff80636a0e>] one+0x4e/0x88
                """))
        .containsExactly(
            "place 1 \"epc : top+0x56/0x4be ra : one+0x4e/0x88\"",
            "1 top+0x56 pc",
            "place 1 \"epc : top+0x56/0x4be ra : one+0x4e/0x88\"",
            "1 one+0x4e",
            "stack 4 \"\"",
            "4 0xffffffff8063d3b2 top+0x56 pc",
            "5 0xffffffff80636a0e one+0x4e");
  }

  @Test
  void s390BeginsWithThePlaceOfThePsw() throws IOException {
    assertThat(
            inWords(
                """
                Krnl PSW : 0704c00180000000 00000000003d1b64 (top+0x4/0x78)
                           R:0 T:1 IO:1 EX:1 Key:0 M:1 W:0 P:0 AS:3 CC:0 PM:0 RI:0 EA:3
                Krnl GPRS: 0000000000000000 0000000000000001 0000000000000010 0000000000000000
                           0000000000000000 0000000000000001 0000000000000010 0000000000000000
                Krnl Code: 00000000003d1b58: c0040017d5a4 brcl 0,00000000006cc6a0
                          #00000000003d1b5e: a7f40001 brc 15,00000000003d1b60
                          >00000000003d1b64: e310f0000024 stg %r1,0(%r15)
                Call Trace:
                 [<00000000003d1b64>] top+0x4/0x78\s
                ([<00000000003d1ac0>] one+0x60/0x340)
                 [<00000000003d2f12>] two+0x4a2/0x9b8 [qeth]\s
                Last Breaking-Event-Address:
                 [<00000000003d1abc>] one+0x5c/0x340
                """))
        .containsExactly(
            "place 1 \"Krnl PSW : 0704c00180000000 00000000003d1b64 (top+0x4/0x78)\"",
            "1 0x3d1b64 top+0x4 pc",
            "stack 9 \"\"",
            "9 0x3d1b64 top+0x4 pc",
            "10 0x3d1ac0 one+0x60 ?",
            "11 0x3d2f12 two+0x4a2 [qeth]",
            "place 13 \"[<00000000003d1abc>] one+0x5c/0x340\"",
            "13 0x3d1abc one+0x5c pc");
  }

  @Test
  void powerpcGoesOnFromNipAndPrintsTheStackPointerFirst() throws IOException {
    assertThat(
            inWords(
                """
                NIP:  c000000000a1b2c4 LR: c000000000a1b2b8 CTR: c0000000000f1230
                NIP [c000000000a1b2c4] .top+0x44/0x150
                LR [c000000000a1b2b8] .top+0x38/0x150
                Call Trace:
                [c00000000763f950] [c000000000a1b2b8] .top+0x38/0x150 (unreliable)
                [c00000000763f990] [c008000000d51c20] one+0x90/0x1d0 [macvlan]
                --- interrupt: 900 at interrupted+0x10/0x20
                    LR = two+0xd4/0x2b0
                [c00000000763fa50] [c000000000a3f0a4] two+0xd4/0x2b0
                --- interrupt: c00 at 0x7fff9a2b1c3c
                NIP [00007fff9a2b1c3c] 0x7fff9a2b1c3c
                """))
        .containsExactly(
            "stack 2 \"\"",
            "2 0xc000000000a1b2c4 .top+0x44 pc",
            "5 0xc000000000a1b2b8 .top+0x38 ?",
            "6 0xc008000000d51c20 one+0x90 [macvlan]",
            "7 interrupted+0x10 pc",
            "9 0xc000000000a3f0a4 two+0xd4",
            "place 3 \"LR [c000000000a1b2b8] .top+0x38/0x150\"",
            "3 0xc000000000a1b2b8 .top+0x38",
            "place 8 \"LR = two+0xd4/0x2b0\"",
            "8 two+0xd4");
  }
}
