package dropsite.analyze.input;

import static dropsite.analyze.input.Texts.events;
import static dropsite.analyze.input.Texts.frames;
import static dropsite.analyze.input.Texts.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PerfTextTest {
  private static final String FRAMES =
      """
      \tffffffff81000123 inner+0x23 ([kernel.kallsyms])
      \tffffffff81000200 outer+0x100 ([kernel.kallsyms])
      """;

  private static final StackFrame INNER = named("inner", 0x23).at(0xffffffff81000123L);
  private static final StackFrame OUTER = named("outer", 0x100).at(0xffffffff81000200L);

  @Test
  void theTopOfATracepointsStackIsAReturnAddressAndItsFieldsAreFacts() throws IOException {
    String header =
        "tg  1387 [001]    96.697543: skb:kfree_skb: skbaddr=0xff3c06697fd85f00 protocol=2048"
            + " location=0xffffffff81000123 reason: NETFILTER_DROP";
    StackEvent event = events(header + "\n" + FRAMES).getFirst();
    assertThat(event.frames()).containsExactly(INNER, OUTER);
    assertThat(event.title()).isEqualTo(header);
    assertThat(event.line()).isEqualTo(2);
    assertThat(event.facts())
        .isEqualTo(
            new EventFacts(
                96_697_543_000L,
                "tg",
                1387,
                null,
                null,
                null,
                "NETFILTER_DROP",
                null,
                0xffffffff81000123L,
                null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sh  1400   118.161752:   20408163 cpu-clock: ",
        "sh  1400/1401 [003] 118.161752: cycles:",
        "Web Content 1400 118.161752: cycles:ppp: ",
        "sh 1400 118.161752123: 1 task-clock:u:",
        "sh 1400 [000] 118.161752: 1 cpu_core/cycles/P:",
        "sh 1400 [000] 118.161752: probe:inner_L12: (ffffffff81000123)"
      })
  void theTopOfAnInterruptedStackIsAProgramCounter(String header) throws IOException {
    assertThat(frames(header + "\n" + FRAMES)).containsExactly(INNER.asProgramCounter(), OUTER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sh 1400 118.161752: 1 sched:sched_switch: prev_comm=sh",
        "sh 1400 118.161752: 1 context-switches:",
        "sh 1400 118.161752:"
      })
  void otherTopsAreReturnAddresses(String header) throws IOException {
    assertThat(frames(header + "\n" + FRAMES)).containsExactly(INNER, OUTER);
  }

  @Test
  void aTasksNameMayLookLikeAHeader() throws IOException {
    EventFacts facts =
        events("x 1 1.000000:     27/28  [001]    96.697543: a:b: pid=5\n" + FRAMES)
            .getFirst()
            .facts();
    assertThat(facts.comm()).isEqualTo("x 1 1.000000:");
    assertThat(facts.pid()).isEqualTo(27);
    assertThat(facts.timeNanos()).isEqualTo(96_697_543_000L);
  }

  @Test
  void objectsTellModulesAndWhatIsNoneOfTheKernels() throws IOException {
    assertThat(
            frames(
                """
                x 1 1.000001: cycles:
                \tffffffffc0300100 f+0x10 ([nf_tables])
                \tffffffffc0300200 g+0x10 (/lib/modules/6.1.0/kernel/net/nf-log-syslog.ko.xz)
                \tffffffffc0300300 [unknown] ([br_netfilter])
                \tffffffffc0300400 bpf_prog_6deef7357e7b4530_drops+0x10 (bpf_prog_6deef7357e7b4530_drops)
                \tffffffff81000400 h+0x10 (/usr/lib/debug/boot/vmlinux-6.1.0)
                \tffffffff81000500 [unknown] ([unknown])
                \tffffffff81000600 guest+0x10 ([guest.kernel.kallsyms])
                \tffffffffff600000 [unknown] ([vsyscall])
                \t    7f183b22aec7 __GI___ioctl+0x7 (/usr/lib/libc.so.6)
                \t    7f183b22aec8 std::f(int, char)+0x7 (/tmp/a (deleted))
                \t          4081a5 [unknown] (/usr/bin/perf)
                \tffffe029ffffe029 [unknown] ([unknown])
                \t               0 [unknown] ([unknown])
                """))
        .containsExactly(
            named("f", 0x10).in("nf_tables").at(0xffffffffc0300100L).asProgramCounter(),
            named("g", 0x10).in("nf_log_syslog").at(0xffffffffc0300200L),
            StackFrame.ofAddress(0xffffffffc0300300L).in("br_netfilter"),
            named("bpf_prog_6deef7357e7b4530_drops", 0x10).at(0xffffffffc0300400L),
            named("h", 0x10).at(0xffffffff81000400L),
            StackFrame.ofAddress(0xffffffff81000500L),
            named("guest", 0x10).at(0xffffffff81000600L));
  }

  @Test
  void offsetsIntoFilesAreNoAddresses() throws IOException {
    assertThat(
            frames(
                """
                x 1/2 [000] 1.000001: cpu-clock:
                \t          59fef5 f (/lib/modules/4.3.0/build/vmlinux)
                \t            1f5 g (/lib/modules/4.3.0/x.ko)
                """))
        .containsExactly(named("f").asProgramCounter(), named("g").in("x"));
  }

  @Test
  void inlinedFunctionsAreNoFramesAndKeepTheTopExact() throws IOException {
    assertThat(
            frames(
                """
                x 1 1.000001: cycles:
                \tffffffff81000123 helper (inlined)
                \tffffffff81000123 inner+0x23 ([kernel.kallsyms])
                  core.c:123
                \tffffffff81000200 outer+0x100 ([kernel.kallsyms])
                """))
        .containsExactly(INNER.asProgramCounter(), OUTER);
  }

  @Test
  void addressesAloneAndNamesWithoutObjectsAreFrames() throws IOException {
    assertThat(
            frames(
                """
                x 1 1.000001: skb:kfree_skb:
                \tffffffff81000123
                \tffffffff81000200 outer
                \t    7f183b22aec7
                \t    7f183b22aec7 ioctl
                """))
        .containsExactly(
            StackFrame.ofAddress(0xffffffff81000123L), named("outer").at(0xffffffff81000200L));
  }

  @Test
  void withoutCallChainsThePlaceStandsBehindTheEvent() throws IOException {
    List<StackEvent> events =
        events(
            """
            x 1 [000] 1.000001:     250000 cycles:  ffffffff81000123 inner+0x23 ([kernel.kallsyms])
            y 2 [000] 1.000002:     250000 cycles:      7f183b22aec7 main+0x23 (/bin/y)
            z 3 [000] 1.000003:     250000 cycles:  ffffffff81000200 outer+0x100 ([kernel.kallsyms])
            """);
    assertThat(events).extracting(event -> event.facts().comm()).containsExactly("x", "z");
    assertThat(events.get(0).frames()).containsExactly(INNER.asProgramCounter());
    assertThat(events.get(1).frames()).containsExactly(OUTER.asProgramCounter());
  }

  @Test
  void framesWithoutHeaderAreReturnAddresses() throws IOException {
    assertThat(frames(FRAMES)).containsExactly(INNER, OUTER);
  }

  @Test
  void eachHeaderBeginsAStackOfItsOwn() throws IOException {
    String text = "x 1 1.000001: a:b:\n" + FRAMES + "y 2 1.000002: a:b: c=1\n" + FRAMES;
    assertThat(events(text)).extracting(event -> event.facts().pid()).containsExactly(1, 2);
  }

  @Test
  void ordinaryLinesWithTimesAreNoHeaders() throws IOException {
    assertThat(
            events(
                """
                job 12 1.000000: finished
                took 12.123456: fine
                a 1 1.000000: b:
                deadbeef is (not) a frame (really)
                """))
        .isEmpty();
  }
}
