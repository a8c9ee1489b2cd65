package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frames are written {@code name+offset}, with {@code pc} where the address is exact. */
final class PrintkTraceTest {

  @Test
  void ripIsTheFirstFrameAndOneBelowAnInterruptIsExactToo() throws IOException {
    assertThat(
            inWords(
                """
                BUG: kernel NULL pointer dereference, address: 0000000000000008
                #PF: supervisor read access in kernel mode
                Oops: 0000 [#1] PREEMPT SMP NOPTI
                CPU: 1 UID: 0 PID: 512 Comm: a Not tainted b Not tainted 6.12.0 #1
                RIP: 0010:top+0x12/0x40 [mod]
                Code: 90 <0f> 0b
                RSP: 0018:ffffc90002d4f280 EFLAGS: 00000282
                RAX: cde7e63586631000 RBX: 1ffff920005a9e58 RCX: ffffffff8173011a
                FS:  00007f3d50457700(0000) GS:ffff88806c580000(0000) knlGS:0000000000000000
                Call Trace:
                 <IRQ>
                 one+0x26/0xd0
                 ? two+0x40/0x1b0
                 </IRQ>
                 <TASK>
                 entry+0x16/0x20
                RIP: 0010:interrupted+0x9/0x10
                Code: 90
                RSP: 0018:ffffc90002d4f408 EFLAGS: 00000287
                 three+0x8a/0x1a0 [nf_tables 4be1a6b2d0f3f3a3b5a14aa6e9ab1f2d58d1c7ee]
                RIP: 0033:0x7fc56c775b59
                RSP: 002b:00007fc56d545048 EFLAGS: 00000246 ORIG_RAX: 0000000000000101
                 </TASK>
                Modules linked in:
                ---[ end trace 0000000000000000 ]---
                RIP: 0010:top+0x12/0x40 [mod]
                Code: 90 <0f> 0b
                """))
        .containsExactly(
            "stack 5 \"BUG: kernel NULL pointer dereference, address: 0000000000000008\""
                + " a Not tainted b/512",
            "5 top+0x12 [mod] pc",
            "12 one+0x26 <IRQ>",
            "13 two+0x40 <IRQ> ?",
            "16 entry+0x16 <TASK>",
            "17 interrupted+0x9 <TASK> pc",
            "20 three+0x8a [nf_tables 4be1a6b2d0f3f3a3b5a14aa6e9ab1f2d58d1c7ee] <TASK>",
            "place 26 \"RIP: 0010:top+0x12/0x40 [mod]\"",
            "26 top+0x12 [mod] pc");
  }

  @Test
  void oldOopsesPrintAddressesAndRepeatTheFirst() throws IOException {
    assertThat(
            inWords(
                """
                kernel BUG at include/net/cfg80211.h:2473!
                invalid opcode: 0000 [#1] SMP
                Pid: 802, comm: wpa Tainted: P           O 3.6.1 #1
                RIP: 0010:[<ffffffffa0525326>]  [<ffffffffa0525326>] top.part.8+0x4/0x6 [wl(PO)]
                RSP: 0018:ffff8801243fb958  EFLAGS: 00010246
                Process wpa (pid: 802, threadinfo ffff8801243fa000, task ffff880124322e20)
                Stack:
                 ffff8801243fb9a8 ffffffffa0522544
                 000000000000000c
                Call Trace:
                 <IRQ>  [<ffffffff81046a75>] ? one+0x78/0x8c
                 [<ffffffff812a3f2b>] two+0x25f/0x270
                 <EOI>  [<ffffffff8102b0d8>] three+0x2/0x3 [8021q]
                Code: e7 e8 5f
                RIP  [<ffffffffa0525326>] top.part.8+0x4/0x6 [wl]
                 RSP <ffff8801243fb958>
                ---[ end trace eba191717996895b ]---
                """))
        .containsExactly(
            "stack 4 \"kernel BUG at include/net/cfg80211.h:2473!\" wpa/802",
            "4 0xffffffffa0525326 top.part.8+0x4 [wl] pc",
            "11 0xffffffff81046a75 one+0x78 <IRQ> ?",
            "12 0xffffffff812a3f2b two+0x25f <IRQ>",
            "13 0xffffffff8102b0d8 three+0x2 [8021q]",
            "place 15 \"RIP  [<ffffffffa0525326>] top.part.8+0x4/0x6 [wl]\"",
            "15 0xffffffffa0525326 top.part.8+0x4 [wl] pc");
  }

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

  @Test
  void aTrapTellsWhereItIsAndAFunctionThatWarnsWhereItReturns() throws IOException {
    assertThat(inWords("WARNING: CPU: 1 PID: 3 at lib/ref.c:120 f+0x110/0x14e [m]\n"))
        .containsExactly(
            "place 1 \"WARNING: CPU: 1 PID: 3 at lib/ref.c:120 f+0x110/0x14e [m]\" null/3",
            "1 f+0x110 [m] pc");
    assertThat(inWords("WARNING: lib/ref.c:120 at f+0x110/0x14e, CPU#1: sh/3\n"))
        .contains("1 f+0x110 pc");
    assertThat(inWords("WARNING: CPU: 1 PID: 3 at lib/ref.c:120 f+0x110/0x14e()\n"))
        .contains("1 f+0x110");
    assertThat(inWords("WARNING: at lib/ref.c:120 f+0x110/0x14e()\n")).contains("1 f+0x110");
    assertThat(inWords("BUG: KASAN: use-after-free in f+0x110/0x14e\n")).contains("1 f+0x110");
    assertThat(inWords("NMI backtrace for cpu 1 skipped: idling at f+0xb/0xd\n"))
        .contains("1 f+0xb pc");
  }

  @Test
  void kasanPrintsStacksOfTheAccessAndOfBothEndsOfTheObject() throws IOException {
    assertThat(
            inWords(
                """
                BUG: KASAN: slab-use-after-free in f+0x5d/0x320
                Read of size 4 at addr ffff88804c251150 by task nc/921

                CPU: 0 PID: 921 Comm: nc Not tainted 6.12.0 #1
                Call Trace:
                 <TASK>
                 f+0x5d/0x320
                 </TASK>

                Allocated by task 900:
                 one+0x30/0x50

                Freed by task 901:
                 two+0x30/0x50

                Last potentially related work creation:
                 three+0x30/0x50
                page last free pid 11901 tgid 11901 stack trace:
                 four+0x30/0x50
                """))
        .containsExactly(
            "place 1 \"BUG: KASAN: slab-use-after-free in f+0x5d/0x320\"",
            "1 f+0x5d",
            "stack 7 \"BUG: KASAN: slab-use-after-free in f+0x5d/0x320\" nc/921",
            "7 f+0x5d <TASK>",
            "stack 11 \"Allocated by task 900\" null/900",
            "11 one+0x30",
            "stack 14 \"Freed by task 901\" null/901",
            "14 two+0x30",
            "stack 17 \"Last potentially related work creation\"",
            "17 three+0x30",
            "stack 19 \"page last free pid 11901 tgid 11901 stack trace\" null/11901",
            "19 four+0x30");
  }

  @Test
  void anAccessThatFaultsIsExact() throws IOException {
    assertThat(
            inWords(
                """
                BUG: KFENCE: use-after-free read in f+0x21/0x50 [m]

                Use-after-free read at 0x0000000027c525c6 (in kfence-#214):
                 f+0x21/0x50 [m]
                 g+0x6c/0xb0

                freed by task 269 on cpu 0 at 12.542019s (0.003388s ago):
                 h+0xa/0x30
                """))
        .containsExactly(
            "place 1 \"BUG: KFENCE: use-after-free read in f+0x21/0x50 [m]\"",
            "1 f+0x21 [m] pc",
            "stack 4 \"BUG: KFENCE: use-after-free read in f+0x21/0x50 [m]\"",
            "4 f+0x21 [m] pc",
            "5 g+0x6c",
            "stack 8 \"freed by task 269 on cpu 0 at 12.542019s (0.003388s ago)\" null/269",
            "8 h+0xa");
  }

  @Test
  void hashesAreNoAddresses() throws IOException {
    assertThat(
            inWords(
                """
                unreferenced object 0xffff888100abcd00 (size 64):
                  comm "modprobe", pid 12, jiffies 4294667296
                  backtrace (crc 1234abcd):
                    [<00000000e8f1a2b3>] f+0x10/0x20
                    [<ffffffff81234567>] g+0x10/0x20
                """))
        .containsExactly(
            "stack 4 \"unreferenced object 0xffff888100abcd00 (size 64)\" modprobe/12",
            "4 f+0x10",
            "5 0xffffffff81234567 g+0x10");
  }

  @Test
  void lockdepNamesPlacesAndPrintsChains() throws IOException {
    assertThat(
            inWords(
                """
                hardirqs last  enabled at (83252): [<ffffa0001768a558>] f+0xd8/0x110
                softirqs last disabled at (79849): g+0x470/0x540
                 #0:  (sk_lock-AF_INET){+.+.+.}, at: [<ffffffff82b9503f>] h+0x2f/0x550
                ffff8880041b6a58 (rtnl_mutex){+.+.}-{4:4}, at: i+0x1c/0x50 [m]
                -> #1 (rtnl_mutex){+.+.}-{4:4}:
                       one+0xc6/0xb60
                -> #0 (sk_lock-AF_INET){+.+.}-{0:0}:
                       two+0xeb/0xf00
                stack backtrace:
                CPU: 0 UID: 0 PID: 321 Comm: nc Not tainted 6.12.0 #1
                Call Trace:
                 three+0x7c/0xc0
                """))
        .containsExactly(
            "place 1 \"hardirqs last  enabled at (83252): [<ffffa0001768a558>] f+0xd8/0x110\"",
            "1 0xffffa0001768a558 f+0xd8",
            "place 2 \"softirqs last disabled at (79849): g+0x470/0x540\"",
            "2 g+0x470",
            "place 3 \"#0:  (sk_lock-AF_INET){+.+.+.}, at: [<ffffffff82b9503f>] h+0x2f/0x550\"",
            "3 0xffffffff82b9503f h+0x2f",
            "place 4 \"ffff8880041b6a58 (rtnl_mutex){+.+.}-{4:4}, at: i+0x1c/0x50 [m]\"",
            "4 i+0x1c [m]",
            "stack 6 \"-> #1 (rtnl_mutex){+.+.}-{4:4}\"",
            "6 one+0xc6",
            "stack 8 \"-> #0 (sk_lock-AF_INET){+.+.}-{0:0}\"",
            "8 two+0xeb",
            "stack 12 \"stack backtrace\" nc/321",
            "12 three+0x7c");
  }

  @Test
  void tasksOfSysrqAreTheTitlesOfTheirStacks() throws IOException {
    assertThat(
            inWords(
                """
                INFO: task kworker/0:1:34 blocked for more than 120 seconds.
                      Not tainted 6.1.0 #1
                task:kworker/0:1     state:D stack:0     pid:34    ppid:2      flags:0x00004000
                Workqueue: events work
                Call Trace:
                 f+0x2d1/0x870
                task:a state:S b     state:S stack:0     pid:35    tgid:35    ppid:2
                Call Trace:
                 g+0x2d1/0x870
                """))
        .containsExactly(
            "stack 6 \"INFO: task kworker/0:1:34 blocked for more than 120 seconds.\""
                + " kworker/0:1/34",
            "6 f+0x2d1",
            "stack 9 \"task:a state:S b     state:S stack:0     pid:35    tgid:35    ppid:2\""
                + " a state:S b/35",
            "9 g+0x2d1");
  }

  @Test
  void stacksOfProcHaveNoAddressesOrRealOnesAndAnEnd() throws IOException {
    assertThat(
            inWords(
                """
                [<0>] f+0x131/0x1b0
                [<0>] g+0x78/0x5f0 [m]
                [<ffffffffb3839bd0>] h+0x3a0/0x3a0
                [<ffffffffffffffff>] 0xffffffffffffffff
                [<0>] next+0x131/0x1b0
                """))
        .containsExactly(
            "stack 1 \"\"",
            "1 f+0x131",
            "2 g+0x78 [m]",
            "3 0xffffffffb3839bd0 h+0x3a0",
            "stack 5 \"\"",
            "5 next+0x131");
  }

  @Test
  void decodedFramesKeepTheirSource() throws IOException {
    assertThat(
            inWords(
                """
                Call Trace:
                 <TASK>
                tcp (net/ipv4/tcp.c:325)
                ? inet (include/linux/skbuff.h:12 net/ipv4/af_inet.c:671 (discriminator 4))
                nft (net/netfilter/nft.c:264) nf_tables
                 0xffffffffc0123456
                lost (??:?)
                """))
        .containsExactly(
            "stack 3 \"\"",
            "3 tcp <TASK> net/ipv4/tcp.c:325",
            "4 inet <TASK> net/ipv4/af_inet.c:671 ?",
            "5 nft [nf_tables] <TASK> net/netfilter/nft.c:264",
            "6 0xffffffffc0123456 null <TASK>");
    assertThat(inWords("main (foo.c:12)\n0xffffffffc0123456 (x.c:1)\n")).isEmpty();
  }

  @Test
  void aFewLinesOfOthersMayStandInATrace() throws IOException {
    String other = "[   12.000002] eth0: link is up\n";
    String begin = "[   12.000001] Call Trace:\n[   12.000001]  f+0x1/0x2\n";
    String end = "[   12.000003]  g+0x1/0x2\n";
    assertThat(inWords(begin + other.repeat(3) + end))
        .containsExactly("stack 2 \"\"", "2 f+0x1 pc", "6 g+0x1");
    assertThat(inWords(begin + other.repeat(4) + end)).hasSize(4);
    assertThat(inWords(begin + begin)).hasSize(4);
    assertThat(inWords("f+0x1/0x2\nelse\ng+0x1/0x2\n")).hasSize(4);
  }

  @Test
  void processorsThatPrintAtTheSameTimeAreToldApart() throws IOException {
    assertThat(
            inWords(
                """
                [   12.000001][    C0] WARNING: CPU: 0 PID: 1 at a.c:1 a+0x9/0x10
                [   12.000002][    C1] BUG: soft lockup
                [   12.000003][    C0] RIP: 0010:a+0x9/0x10
                [   12.000004][    C1] Call Trace:
                [   12.000005][    C0] Call Trace:
                [   12.000006][    C1]  b+0x3/0x4
                [   12.000007][    C0]  c+0x5/0x6
                host
                [   12.000008][    C1]  d+0x7/0x8
                """))
        .containsExactly(
            "place 1 \"WARNING: CPU: 0 PID: 1 at a.c:1 a+0x9/0x10\" null/1",
            "1 a+0x9 pc",
            "stack 3 \"WARNING: CPU: 0 PID: 1 at a.c:1 a+0x9/0x10\" null/1",
            "3 a+0x9 pc",
            "7 c+0x5",
            "stack 6 \"BUG: soft lockup\"",
            "6 b+0x3",
            "9 d+0x7");
  }

  @Test
  void ordinaryLinesAreNoFrames() throws IOException {
    assertThat(
            inWords(
                """
                eth0: 1000 Mbps
                [80b0f484] *pgd=80a1141e(bad)
                a+1/2
                f+0x1/0x2 is where it happened
                NIP:  c000000000a1b2c4 LR: c000000000a1b2b8 CTR: c0000000000f1230
                IP: 192.0.2.1
                RIP: 0033:0x7fc56c775b59
                pc : nowhere
                at: f+0x1/0x2
                """))
        .isEmpty();
  }

  @Test
  void aTitleOfLongAgoIsThatOfSomethingElse() throws IOException {
    String title = "Kernel panic - not syncing: x\n";
    assertThat(inWords(title + "x\n".repeat(255) + "f+0x3/0x4\n")).contains("257 f+0x3");
    assertThat(inWords(title + "x\n".repeat(255) + "f+0x3/0x4\n").getFirst()).contains("panic");
    assertThat(inWords(title + "x\n".repeat(300) + "f+0x3/0x4\n").getFirst())
        .doesNotContain("panic");
  }

  private static List<String> inWords(String text) throws IOException {
    List<String> words = new ArrayList<>();
    try (StackText stacks =
        new StackText(
            "text", new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))) {
      long line = 0;
      for (TextPiece piece = stacks.next(); piece != null; piece = stacks.next()) {
        switch (piece) {
          case TextPiece.Other other -> line++;
          case TextPiece.Stacks found -> {
            addAll(words, found, line);
            line += found.lines().size();
          }
        }
      }
    }
    return words;
  }

  private static void addAll(List<String> words, TextPiece.Stacks found, long linesBefore) {
    for (int i = 0; i < found.events().size(); i++) {
      StackEvent event = found.events().get(i);
      EventFacts facts = event.facts();
      words.add(
          (event.kind() == StackEvent.Kind.PLACE ? "place " : "stack ")
              + event.line()
              + " \""
              + event.title()
              + "\""
              + (facts.equals(EventFacts.NONE) ? "" : " " + facts.comm() + "/" + facts.pid()));
      for (int j = 0; j < event.frames().size(); j++) {
        TextPiece.FrameAt at = new TextPiece.FrameAt(i, j);
        int first = 0;
        while (!found.lines().get(first).frames().contains(at)) {
          first++;
        }
        words.add(linesBefore + first + 1 + " " + inWords(event.frames().get(j)));
      }
    }
  }

  private static String inWords(StackFrame frame) {
    Long address = frame.runtimeAddress();
    String build = frame.buildId() == null ? "" : " " + frame.buildId();
    return (address == null ? "" : "0x" + Long.toHexString(address) + " ")
        + frame.symbol()
        + (frame.offsetBytes() < 0 ? "" : "+0x" + Long.toHexString(frame.offsetBytes()))
        + (frame.module() == null ? "" : " [" + frame.module() + build + "]")
        + (frame.context() == null ? "" : " <" + frame.context() + ">")
        + (frame.source() == null ? "" : " " + frame.source())
        + (frame.exact() ? " pc" : "")
        + (frame.unreliable() ? " ?" : "");
  }
}
