package dropsite.analyze.input;

import static dropsite.analyze.input.Texts.events;
import static dropsite.analyze.input.Texts.frames;
import static dropsite.analyze.input.Texts.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stacks as ftrace, its histograms and trace-cmd print them. */
final class FtraceTextTest {

  @Test
  void everyFrameIsAReturnAddressTheTopAmongThem() throws IOException {
    assertThat(
            frames(
                """
                 => inner+0x23/0x40 [nf_tables] <ffffffffc0300123>
                 => outer+0x100/0x200
                 => <ffffffff81000300>
                 => 0xffffffffc0482083 <ffffffffc0482083>
                 => last
                """))
        .containsExactly(
            StackFrame.ofSymbol("inner", 0x23, 0x40).in("nf_tables").at(0xffffffffc0300123L),
            StackFrame.ofSymbol("outer", 0x100, 0x200),
            StackFrame.ofAddress(0xffffffff81000300L),
            StackFrame.ofAddress(0xffffffffc0482083L),
            named("last"));
  }

  @Test
  void namesAloneNeedMoreThanOneArrow() throws IOException {
    assertThat(events(" => nil\n\nirb\n => true\n")).isEmpty();
    assertThat(frames(" => inner\n => outer\n")).containsExactly(named("inner"), named("outer"));
  }

  @Test
  void stacksOfProgramsAreNone() throws IOException {
    List<StackEvent> events =
        events(
            """
                          tg-2192    [001] .....   100.167983: a: b=1
                          tg-2192    [001] .....   100.167984: <stack trace>
             => inner+0x23/0x40
             => outer+0x100/0x200
                          tg-2192    [001] .....   100.167985: <user stack trace>
             => /usr/lib/libc.so.6[+0x12345]
             =>  <00007f183b22aec7>
             => ??
            """);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().frames()).hasSize(2);
    assertThat(events.getFirst().title()).endsWith("a: b=1");
  }

  @Test
  void traceCmdPrintsAddressesInParentheses() throws IOException {
    StackEvent event =
        events(
                """
                          <idle>-0     [003] 58549.289091: sched_switch:         a:1 [120] R ==> b:2 [120]
                          <idle>-0     [003] 58549.289092: kernel_stack:         <stack trace >
                => inner (ffffffff81000123)
                => ffffffff81000200
                => outer+0x100 (ffffffff81000300)
                """)
            .getFirst();
    assertThat(event.frames())
        .containsExactly(
            named("inner").at(0xffffffff81000123L),
            StackFrame.ofAddress(0xffffffff81000200L),
            named("outer", 0x100).at(0xffffffff81000300L));
    assertThat(event.title()).contains("sched_switch:");
    assertThat(event.facts().timeNanos()).isEqualTo(58549_289_091_000L);
  }

  @Test
  void traceCmdPrintsTheFirstFrameOnTheLineOfTheStack() throws IOException {
    List<StackEvent> events =
        events(
            """
            cpus=2
                          tg-1368  [001]    83.741852001: kfree_skb:            protocol=2048 reason=3
                          tg-1368  [001]    83.742230: kernel_stack:         \t=> inner
            \t=> outer
                          sh-1370  [000]    83.830986: kfree_skb:            protocol=2048 reason=4
                          sh-1370  [000]    83.831082: kernel_stack:         \t=> inner
                          sh-1370  [000]    83.831083: user_stack:           \t=> main
            """);
    assertThat(events)
        .extracting(event -> event.facts().comm(), event -> event.facts().reasonNumber())
        .containsExactly(tuple("tg", 3L), tuple("sh", 4L));
    assertThat(events.get(0).facts().timeNanos()).isEqualTo(83_741_852_001L);
    assertThat(events.get(0).frames()).containsExactly(named("inner"), named("outer"));
    assertThat(events.get(1).frames()).containsExactly(named("inner"));
  }

  @Test
  void histogramsOfStacksTellHowOftenEachCameUp() throws IOException {
    List<StackEvent> events =
        events(
            """
            # event histogram
            #
            # trigger info: hist:keys=common_stacktrace:vals=hitcount:sort=hitcount:size=2048 [active]
            #

            { common_stacktrace:
                     inner+0x23/0x40 [nf_tables]
                     outer+0x100/0x200
            } hitcount:          3
            { common_pid:       1234, stacktrace:
                     inner+0x23/0x40
            , protocol:       2048 } hitcount:         12  bytes_req:       4096
            { s.stacktrace         outer+0x1/0x2
                     outer+0x100/0x200
            } hitcount:          1

            Totals:
                Hits: 7
            """);
    assertThat(events).extracting(StackEvent::count).containsExactly(3L, 12L, 1L);
    assertThat(events.get(0).frames())
        .containsExactly(
            StackFrame.ofSymbol("inner", 0x23, 0x40).in("nf_tables"),
            StackFrame.ofSymbol("outer", 0x100, 0x200));
    assertThat(events.get(0).line()).isEqualTo(7);
    assertThat(events.get(1).title()).isEqualTo("{ common_pid:       1234, stacktrace:");
    assertThat(events.get(2).frames()).hasSize(2);
  }

  @Test
  void theStackTracerNumbersItsFrames() throws IOException {
    assertThat(
            frames(
                """
                        Depth    Size   Location    (2 entries)
                        -----    ----   --------
                  0)     2928     224   inner+0x23/0x40 [nf_tables]
                  1)     2704     160   outer+0x100/0x200
                """))
        .containsExactly(
            StackFrame.ofSymbol("inner", 0x23, 0x40).in("nf_tables"),
            StackFrame.ofSymbol("outer", 0x100, 0x200));
  }

  @Test
  void histogramsOfPlacesNameEach() throws IOException {
    StackEvent event =
        events(
                "{ protocol:       2048, location: [ffffffffc0300123] inner+0x23/0x40 [nf_tables]  "
                    + "                  } hitcount:          2\n")
            .getFirst();
    assertThat(event.kind()).isEqualTo(StackEvent.Kind.PLACE);
    assertThat(event.count()).isEqualTo(2);
    assertThat(event.frames())
        .containsExactly(
            StackFrame.ofSymbol("inner", 0x23, 0x40).in("nf_tables").at(0xffffffffc0300123L));
  }
}
