package dropsite.analyze.input;

import static dropsite.analyze.input.StackWords.inWords;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Frames are written as {@link StackWords} does. */
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
}
