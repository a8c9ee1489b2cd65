package dropsite.analyze.input;

import static dropsite.analyze.input.Texts.events;
import static dropsite.analyze.input.Texts.frames;
import static dropsite.analyze.input.Texts.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stacks as bpftrace and the tools of bcc print them. */
final class BccTextTest {

  @Test
  void byteStringsOfPythonAreNames() throws IOException {
    assertThat(
            frames(
                """
                20:49:06 1234 4 10.0.0.1:443 > 10.0.0.2:22912 CLOSE (ACK)
                \tb'tcp_drop+0x1'
                \tb'nft_do_chain+0x40f [nf_tables]'
                \tb'ip_rcv+0x11 [kernel]'
                \tb'[unknown]'
                \tb'__netif_receive_skb+0x18'

                """))
        .containsExactly(
            named("tcp_drop", 1).asProgramCounter(),
            named("nft_do_chain", 0x40f).in("nf_tables"),
            named("ip_rcv", 0x11),
            named("__netif_receive_skb", 0x18));
  }

  @Test
  void theTopOfATracepointsStackIsAReturnAddressThatOfAProbeIsNot() throws IOException {
    assertThat(frames("  inner+0x24\n  outer+0x1\n"))
        .containsExactly(named("inner", 0x24), named("outer", 1));
    assertThat(frames("  inner+5\n  outer+5\n"))
        .containsExactly(named("inner", 5).asProgramCounter(), named("outer", 5));
    assertThat(frames("  inner+0x0\n  outer+0x1\n"))
        .containsExactly(named("inner", 0).asProgramCounter(), named("outer", 1));
  }

  @Test
  void addressesMayStandBeforeNamesWithoutOffsets() throws IOException {
    assertThat(frames("  ffffffff813bd961 submit_bio\n  ffffffff813bd962 ext4_io_submit+0x11\n"))
        .containsExactly(
            named("submit_bio").at(0xffffffff813bd961L),
            named("ext4_io_submit", 0x11).at(0xffffffff813bd962L));
  }

  @Test
  void stackcountTellsHowOftenEachCameUp() throws IOException {
    List<StackEvent> events =
        events(
            """
            Tracing 1 functions for "kfree_skb"... Hit Ctrl-C to end.
              kfree_skb
              unix_release
                3

              b'kfree_skb'
              b'unix_release'
                sshd [1234]
                12

              kfree_skb+0x1
              unix_release+0x21
                --
                main+0x12
                sshd [1234]
                7
            Detaching...
            """);
    assertThat(events).extracting(StackEvent::count).containsExactly(3L, 12L, 7L);
    assertThat(events.get(0).frames())
        .containsExactly(named("kfree_skb"), named("unix_release"))
        .isEqualTo(events.get(1).frames());
    assertThat(events.get(2).frames())
        .containsExactly(named("kfree_skb", 1).asProgramCounter(), named("unix_release", 0x21));
  }

  @Test
  void profileNamesTheTaskBeforeTheCount() throws IOException {
    StackEvent event =
        events(
                """
                Sampling at 49 Hertz of all threads by user + kernel stack... Hit Ctrl-C to end.
                    finish_task_switch
                    do_nanosleep
                    [unknown]
                    std::thread::sleep()
                    -                my prog (1234)
                        5

                """)
            .getFirst();
    assertThat(event.frames()).containsExactly(named("finish_task_switch"), named("do_nanosleep"));
    assertThat(event.count()).isEqualTo(5);
  }

  @Test
  void wordsAreNoStacksWhateverTheirIndent() throws IOException {
    assertThat(
            events(
                """
                  apples
                  pears
                    12

                  one_word
                    12

                  not_counted
                  other_words
                  and more of them
                    12

                  not_indented
                  any_more
                  12

                """))
        .isEmpty();
  }

  @Test
  void framesOfProgramsStandBelowTheKernelsAndInOtherObjects() throws IOException {
    List<StackEvent> events =
        events(
            """
            9557    9557    a.out           do_sys_open      temp.1
                    do_sys_open+0x1 [kernel]
                    start_sw_timer+0x173 [kvm]
                    entry_SYSCALL_64_after_hwframe+0x44 [kernel]
                    __open_nocancel+0x7 [libc-2.17.so]
                    _init+0x2a08 [ping]

                    7f6c72b6497a __lll_unlock_wake+0x1a [libpthread-2.23.so]
                    _init+0x2a08 [ping]

            @[
                kfree_skb+123
                entry_SYSCALL_64_after_hwframe+68
            ,\s
                __write+20
                0x7f6c72b6497a
            , tg]: 9
            @[
                __write+20
            ,\s
                kfree_skb+123
                entry_SYSCALL_64_after_hwframe+68
            , tg]: 9
            """);
    assertThat(events)
        .extracting(event -> event.frames().size(), StackEvent::count)
        .containsExactly(tuple(3, 1L), tuple(2, 9L), tuple(1, 1L), tuple(2, 9L));
    assertThat(events.getFirst().frames().get(1).module()).isEqualTo("kvm");
  }

  @Test
  void whoWokeATaskStandsBeforeTheCount() throws IOException {
    StackEvent event =
        events(
                """
                    target:          vmstat
                    ffffffff810df082 hrtimer_wakeup
                    ffffffff810df494 __hrtimer_run_queues
                    waker:           swapper/1
                        4000415
                """)
            .getFirst();
    assertThat(event.count()).isEqualTo(4000415);
    assertThat(event.frames()).hasSize(2);
  }

  @Test
  void namesOfTheKernelMayHaveNoOffset() throws IOException {
    assertThat(frames("     248 bytes in 4 allocations\n   prog_load [kernel]\n   a [kernel]\n"))
        .containsExactly(named("prog_load"), named("a"));
  }

  @Test
  void aNameBetweenFramesIsAFrameAndOneBelowTheLastIsNot() throws IOException {
    assertThat(frames("ip_rcv_core+1\nip_list_rcv\n__netif_receive+557\nmy_script\n"))
        .containsExactly(
            named("ip_rcv_core", 1).asProgramCounter(),
            named("ip_list_rcv"),
            named("__netif_receive", 557));
  }

  @Test
  void aNameAboveAProbedPlaceIsNotOfTheStackBefore() throws IOException {
    assertThat(events("inner+1\nouter+12\nmy_comm\ninner+1\nouter+13\n"))
        .extracting(event -> event.frames().size())
        .containsExactly(2, 2);
  }

  @Test
  void framesLeftOutDoNotEndAStack() throws IOException {
    assertThat(frames("  inner+12\n  ...\n  outer+13\n"))
        .containsExactly(named("inner", 12), named("outer", 13));
  }

  @Test
  void bpftracesJsonHoldsTheSameText() throws IOException {
    List<StackEvent> events =
        events(
            """
            {"type": "attached_probes", "data": {"probes": 1}}
            {"type": "map", "data": {"@drops": {"\\n    inner+1\\n    outer+2\\n": 3, "\\n    inner+1\\n,tg": 4}, "@x": 7, "@y": {"\\n    outer+2\\n": {"avg": 1}}}}
            {"type": "printf", "data": "dropped by pid=7\\n    inner+12\\n    outer+2\\n"}
            {"type": "lost_events", "data": {"events": 1}}
            {"stack": ["0xffffffff81000123"]}
            """);
    assertThat(events).extracting(StackEvent::count).containsExactly(3L, 4L, 1L, 1L, 1L);
    assertThat(events).extracting(StackEvent::line).containsExactly(2L, 2L, 2L, 3L, 5L);
    assertThat(events.getFirst().title()).isEqualTo("@drops[");
    assertThat(events.getFirst().frames())
        .containsExactly(named("inner", 1).asProgramCounter(), named("outer", 2));
    assertThat(events.get(3).facts().pid()).isEqualTo(7);
  }

  @Test
  void addressesOfProgramsAreNoFrames() throws IOException {
    assertThat(events("\t0x7f183b22aec7\n\t00007f183b22aec7\n\t0x12345678\n")).isEmpty();
    assertThat(frames("\tffffffff81000123\n\t7f183b22aec7\n")).hasSize(1);
    assertThat(frames("\t0xc0008000\n\t0xc0008123\n")).hasSize(2);
  }
}
