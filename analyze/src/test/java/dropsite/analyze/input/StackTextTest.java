package dropsite.analyze.input;

import static dropsite.analyze.input.Texts.events;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StackTextTest {

  @Test
  void defaultModeGivesNamesAndDecimalOffsets() throws IOException {
    List<StackEvent> events =
        events(
            """
            SKB dropped: 192.0.2.1->192.0.2.2, kstack:
            kfree_skb+1
            __ip_local_out+219
            entry_SYSCALL_64_after_hwframe+68
            """);
    assertThat(events).hasSize(1);
    StackEvent event = events.getFirst();
    assertThat(event.title()).isEqualTo("SKB dropped: 192.0.2.1->192.0.2.2, kstack:");
    assertThat(event.line()).isEqualTo(2);
    assertThat(event.frames())
        .containsExactly(
            StackFrame.ofSymbol("kfree_skb", 1, -1).asProgramCounter(),
            StackFrame.ofSymbol("__ip_local_out", 219, -1),
            StackFrame.ofSymbol("entry_SYSCALL_64_after_hwframe", 68, -1));
  }

  @Test
  void theTimeIsReadWhereTheTextTellsItPlainly() throws IOException {
    assertThat(time("EV 71743919964 cpu=0 pid=1543 comm=tg")).isEqualTo(71743919964L);
    assertThat(time("EV 71743919964")).isNull();
    assertThat(time("EV soon cpu=0")).isNull();
    assertThat(time("71743919964 cpu=0")).isNull();
  }

  private static @Nullable Long time(String title) throws IOException {
    return events(title + "\n\nkfree_skb+1\n").getFirst().facts().timeNanos();
  }

  @Test
  void perfModeGivesAddressesToo() throws IOException {
    StackEvent event =
        events("\tffffffff85c757b5 __traceiter_kfree_skb+69\n\tffffffffc03004ff foo.isra.0+3\n")
            .getFirst();
    assertThat(event.frames())
        .containsExactly(
            StackFrame.ofSymbol("__traceiter_kfree_skb", 69, -1).at(0xffffffff85c757b5L),
            StackFrame.ofSymbol("foo.isra.0", 3, -1).at(0xffffffffc03004ffL));
  }

  @Test
  void rawModeGivesAddressesOnly() throws IOException {
    StackEvent event =
        events("kstack: \n        0xffffffff9091b941\n        ffffffff90a5f5f7\n").getFirst();
    assertThat(event.frames())
        .containsExactly(
            StackFrame.ofAddress(0xffffffff9091b941L), StackFrame.ofAddress(0xffffffff90a5f5f7L));
  }

  @Test
  void mapEntriesCarryTheirCount() throws IOException {
    List<StackEvent> events =
        events(
            """
            @drops[
                kfree_skb+1
                unix_release+29
            ]: 42
            @drops[
                kfree_skb+1
                sock_close+21
            , tg]: 7
            """);
    assertThat(events).extracting(StackEvent::count).containsExactly(42L, 7L);
    assertThat(events).extracting(StackEvent::title).containsExactly("@drops[", "@drops[");
  }

  @Test
  void ftraceGivesSizesModulesAndAddresses() throws IOException {
    StackEvent event =
        events(
                """
                              tg-2192    [001] ..s1.   100.167983: kfree_skb: skbaddr=00000000758a32ba rx_sk=0000000000000000 protocol=2048 location=nft_do_chain+0x40f/0x630 [nf_tables] reason: NETFILTER_DROP
                              tg-2192    [001] ..s1.   100.168023: <stack trace>
                 => nft_do_chain+0x40f/0x630 [nf_tables] <ffffffffc03004ff>
                 => nf_hook_slow+0x45/0xf0 <ffffffff85cd2fa5>
                 => do_syscall_64+0x87/0x180
                 => entry
                """)
            .getFirst();
    assertThat(event.frames())
        .containsExactly(
            StackFrame.ofSymbol("nft_do_chain", 0x40f, 0x630)
                .in("nf_tables")
                .at(0xffffffffc03004ffL),
            StackFrame.ofSymbol("nf_hook_slow", 0x45, 0xf0).at(0xffffffff85cd2fa5L),
            StackFrame.ofSymbol("do_syscall_64", 0x87, 0x180),
            StackFrame.ofSymbol("entry", -1, -1));
    EventFacts facts = event.facts();
    assertThat(facts.comm()).isEqualTo("tg");
    assertThat(facts.pid()).isEqualTo(2192);
    // When the packet was dropped, not when the stack had been taken.
    assertThat(facts.timeNanos()).isEqualTo(100_167_983_000L);
    assertThat(facts.reasonName()).isEqualTo("NETFILTER_DROP");
    assertThat(facts.location()).isNull();
  }

  @Test
  void keysOfAScriptBecomeFacts() throws IOException {
    EventFacts facts =
        events(
                """
                EV 100168 cpu=1 pid=2192 comm=tg loc=0xffffffffc03004ff proto=0x800 reason=11

                	ffffffff85c757b5 __traceiter_kfree_skb+69
                """)
            .getFirst()
            .facts();
    assertThat(facts.pid()).isEqualTo(2192);
    assertThat(facts.comm()).isEqualTo("tg");
    assertThat(facts.location()).isEqualTo(0xffffffffc03004ffL);
    assertThat(facts.reasonNumber()).isEqualTo(11);
    assertThat(facts.reasonName()).isNull();
  }

  @Test
  void aReasonFromAScriptsTableIsOnlyAClaim() throws IOException {
    EventFacts facts =
        events("20:40:18 4006 TCP SKB_DROP_REASON_TCP_CSUM :::0\n\n  kfree_skb_reason+1\n")
            .getFirst()
            .facts();
    assertThat(facts.claimedReason()).isEqualTo("TCP_CSUM");
    assertThat(facts.reasonName()).isNull();
  }

  @Test
  void hashedPointersAreNoPlace() throws IOException {
    EventFacts facts =
        events(
                "x-1 [0] .. 1.000002: kfree_skb: skbaddr=00000000fabf30e6 protocol=2048"
                    + " location=000000007e733b10 reason: NETFILTER_DROP\n => a+0x1/0x2\n")
            .getFirst()
            .facts();
    assertThat(facts.location()).isNull();
  }

  @Test
  void factsOfOneStackDoNotLeakIntoTheNext() throws IOException {
    List<StackEvent> events = events("comm=a reason=5\n\nfoo+20\n\nbar+20\n");
    assertThat(events.get(0).facts().reasonNumber()).isEqualTo(5);
    assertThat(events.get(1).facts().reasonNumber()).isNull();
    assertThat(events.get(1).title()).isEmpty();
  }

  @Test
  void ordinaryTextHoldsNoFrames() throws IOException {
    assertThat(
            events(
                """
                Nov 21 host kernel: a+b
                1234567
                deadbeef
                call foo+12 later
                x=+4
                """))
        .isEmpty();
  }

  @Test
  void anEndlessStackIsCutNotKept() throws IOException {
    List<StackEvent> events = events("foo+12\n".repeat(3_000));
    assertThat(events).extracting(event -> event.frames().size()).containsExactly(1024, 1024, 952);
  }

  @Test
  void aLineMetBeforeIsReadTheSameAndKeepsItsPlaceInTheStack() throws IOException {
    StackFrame entry = StackFrame.ofSymbol("probed", 1, -1).asProgramCounter();
    StackFrame below = StackFrame.ofSymbol("probed", 1, -1);
    StackFrame caller = StackFrame.ofSymbol("caller", 9, -1);
    List<StackEvent> events = events("probed+1\nprobed+1\ncaller+9\n\n".repeat(3));
    assertThat(events)
        .hasSize(3)
        .allSatisfy(event -> assertThat(event.frames()).containsExactly(entry, below, caller));
    assertThat(events).extracting(StackEvent::line).containsExactly(1L, 5L, 9L);
  }

  @Test
  void moreLinesThanAreRememberedAreAllReadRight() throws IOException {
    StringBuilder text = new StringBuilder();
    List<Long> expected = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 40_000; i++) {
        text.append("place+").append(i + 2).append(i % 500 == 499 ? "\n\n" : "\n");
        expected.add(i + 2L);
      }
    }
    assertThat(
            events(text.toString()).stream()
                .flatMap(event -> event.frames().stream())
                .map(StackFrame::offsetBytes))
        .isEqualTo(expected);
  }

  @Test
  void whatIsToldBelowAPlaceIsAboutItAndNotAboutTheNext() throws IOException {
    String place = "drop at: ip_rcv+0x81 (0xffffffff8155d0aa)\n";
    List<StackEvent> events = events(place + "drop reason: NO_SOCKET\n" + place);
    assertThat(events).extracting(StackEvent::kind).containsOnly(StackEvent.Kind.PLACE);
    assertThat(events)
        .extracting(event -> event.facts().reasonName())
        .containsExactly("NO_SOCKET", null);
  }

  @Test
  void eachWriterOfALogHasAStackOfItsOwn() throws IOException {
    List<StackEvent> events =
        events(
            """
            [    1.000000][   T10] Call Trace:
            [    1.000001][   T20] Call Trace:
            [    1.000002][   T10]  first+0x5/0x20
            [    1.000003][   T20]  second+0x6/0x20
            [    1.000004][   T10]  below_first+0x7/0x20
            [    1.000005][   T20]  below_second+0x8/0x20
            """);
    assertThat(events)
        .extracting(event -> event.frames().stream().map(StackFrame::symbol).toList())
        .containsExactly(List.of("first", "below_first"), List.of("second", "below_second"));
    assertThat(events).extracting(StackEvent::line).containsExactly(3L, 4L);
  }

  @Test
  void aStackOutlivesAsManyLinesOfOthersAsItsSyntaxHasPatience() throws IOException {
    String begin = "Call Trace:\n one+0x5/0x20\n";
    String end = " two+0x6/0x20\n";
    assertThat(events(begin + "of another\n".repeat(3) + end)).hasSize(1);
    assertThat(events(begin + "of another\n".repeat(4) + end)).hasSize(2);
    assertThat(events("one+12\nof another\ntwo+12\n")).hasSize(2);
  }

  @Test
  void aStackIsOverWhenItsWriterHasBeenSilentForLong() throws IOException {
    String begin = "[    1.0][   T10] Call Trace:\n[    1.0][   T10]  one+0x5/0x20\n";
    String end = "[    1.0][   T10]  two+0x6/0x20\n";
    String other = "[    1.0][   T20] of another\n";
    assertThat(events(begin + other.repeat(200) + end)).hasSize(1);
    assertThat(events(begin + other.repeat(300) + end)).hasSize(2);
  }

  @Test
  void moreWritersThanAreToldApartEndTheStacksOfThoseBefore() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int round = 0; round < 2; round++) {
      for (int task = 1; task <= 300; task++) {
        text.append("[    1.0][%5s]  one+0x%x/0x2000%n".formatted("T" + task, task + 0x10));
      }
    }
    assertThat(events(text.toString()).stream().mapToInt(event -> event.frames().size()).sum())
        .isEqualTo(600);
  }

  @Test
  void addressesBelowNamesBelongToTheFramesInTheirOrder() throws IOException {
    StackEvent event =
        events(
                """
                see:
                  "kernel_stack": [
                    "one+0x5 [kernel]",
                    "two+0x6 [veth]"
                  ],
                  "addresses": [
                    "0xffffffff81d40055",
                    "0xffffffffc0d40056",
                    "0xffffffff81d40057"
                  ]
                """)
            .getFirst();
    assertThat(event.frames())
        .containsExactly(
            Texts.named("one", 5).at(0xffffffff81d40055L),
            Texts.named("two", 6).in("veth").at(0xffffffffc0d40056L));
  }

  @Test
  void namesAloneAreFramesOnlyWhenALaterLineSaysSo() throws IOException {
    assertThat(Texts.frames("foo+12\nbare_name\nbar+12\n"))
        .containsExactly(Texts.named("foo", 12), Texts.named("bare_name"), Texts.named("bar", 12));
    assertThat(Texts.frames("foo+12\nbare_name\n\n")).containsExactly(Texts.named("foo", 12));
    assertThat(events("  first_name\n  second_name\n    3\n"))
        .extracting(StackEvent::count)
        .containsExactly(3L);
    assertThat(events("  first_name\n  second_name\nof another\n")).isEmpty();
  }

  @Test
  void aHeadlineIsAboutTheNextStackAndNoOther() throws IOException {
    String stack = "Call Trace:\n one+0x5/0x20\n two+0x6/0x20\n\n";
    List<StackEvent> events =
        events("BUG: what happened\nCPU: 3 PID: 7 Comm: tg Not tainted 6.1.0 #1\n" + stack + stack);
    assertThat(events).extracting(StackEvent::title).containsExactly("BUG: what happened", "");
    assertThat(events).extracting(event -> event.facts().comm()).containsExactly("tg", null);
  }

  @Test
  void aHeadlineOfLongAgoIsNotAboutTheNextStack() throws IOException {
    String headline = "BUG: what happened\n";
    String stack = "Call Trace:\n one+0x5/0x20\n";
    assertThat(events(headline + "-\n".repeat(200) + stack).getFirst().title())
        .isEqualTo("BUG: what happened");
    assertThat(events(headline + "-\n".repeat(300) + stack).getFirst().title())
        .isNotEqualTo("BUG: what happened");
  }

  @Test
  void aPlaceAmongFramesDoesNotEndTheirStack() throws IOException {
    List<StackEvent> events =
        events(
            """
            Call Trace:
             one+0x5/0x20
            hardirqs last enabled at (12): [<ffffffff81000005>] place+0x7/0x20
             two+0x6/0x20
            """);
    assertThat(events)
        .extracting(StackEvent::kind)
        .containsExactly(StackEvent.Kind.STACK, StackEvent.Kind.PLACE);
    assertThat(events.getFirst().frames()).hasSize(2);
    assertThat(events.getLast().title()).startsWith("hardirqs last enabled at");
  }

  @Test
  void aStackRightBelowAPlaceIsHowItWasComeTo() throws IOException {
    String place = "TCP: 192.0.2.1:1 -> 192.0.2.2:2, reason: NO_SOCKET, place+0x81\n";
    String stack = "Call Stack:\n -> one+0x5\n -> two+0x6\n";
    List<StackEvent> events = events(place + stack);
    assertThat(events)
        .extracting(StackEvent::kind)
        .containsExactly(StackEvent.Kind.PLACE, StackEvent.Kind.STACK);
    assertThat(events).extracting(event -> event.facts().reasonName()).containsOnly("NO_SOCKET");
    assertThat(events(place + "-\n" + stack).getLast().facts().reasonName()).isNull();
  }
}
