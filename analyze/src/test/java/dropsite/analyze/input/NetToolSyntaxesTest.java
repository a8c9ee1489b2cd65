package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetToolSyntaxesTest {
  private static final StackFrame HOOK = StackFrame.ofSymbol("nf_hook_slow", 0x45, -1);

  @Test
  void dropwatchCountsDropsAtPlaces() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
            33 drops at nf_hook_slow+f3 (0xffffffff8155d083) [software]
            1 drops at location 0xffffffffc03004ff [software]
            2 drops at ip_rcv.isra.0+1e (0xffffffff8155d0aa)
            7 drops at ttl_value_is_too_small [hardware]
            """);
    assertThat(events).extracting(StackEvent::kind).containsOnly(StackEvent.Kind.PLACE);
    assertThat(events).extracting(StackEvent::count).containsExactly(33L, 1L, 2L);
    assertThat(events)
        .extracting(event -> event.frames().getFirst())
        .containsExactly(
            StackFrame.ofSymbol("nf_hook_slow", 0xf3, -1).at(0xffffffff8155d083L),
            StackFrame.ofAddress(0xffffffffc03004ffL),
            StackFrame.ofSymbol("ip_rcv.isra.0", 0x1e, -1).at(0xffffffff8155d0aaL));
  }

  @Test
  void dropwatchTellsAboutAPacketBelowItsPlace() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
            drop at: nft_do_chain+0x40f/0x630 [nf_tables] (0xffffffffc03004ff)
            origin: software
            input port ifindex: 4
            input port name: veth0
            timestamp: Sat Nov 21 09:08:07 2026 000000123 nsec
            protocol: 0x800
            length: 84
            original length: 98
            drop reason: NETFILTER_DROP

            drop at: ip_rcv+0x1f (0xffffffff8155d0aa)
            drop at: ttl_value_is_too_small (l3_drops)
            """);
    assertThat(events).hasSize(2);
    StackEvent event = events.getFirst();
    assertThat(event.kind()).isEqualTo(StackEvent.Kind.PLACE);
    assertThat(event.title()).startsWith("drop at: nft_do_chain");
    assertThat(event.frames())
        .containsExactly(
            StackFrame.ofSymbol("nft_do_chain", 0x40f, 0x630)
                .in("nf_tables")
                .at(0xffffffffc03004ffL));
    assertThat(event.facts().reasonName()).isEqualTo("NETFILTER_DROP");
    assertThat(event.facts().interfaceName()).isEqualTo("veth0");
    assertThat(event.facts().packet())
        .isEqualTo(new PacketSummary("IPv4", null, null, 0, 0, false));
    assertThat(events.get(1).facts()).isEqualTo(EventFacts.NONE);
  }

  @Test
  void namesBelowALineOfPwruAreFrames() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
                           SKB    CPU          PROCESS                     FUNC
            0xffff936378692ce8      6           [curl] kfree_skb_reason(SKB_DROP_REASON_NETFILTER_DROP) netns=4026531840 mark=0x0 iface=eth0:2 proto=0x0800 mtu=1500 len=60 192.0.2.1:33918->192.0.2.2:4240(tcp)
            kfree_skb_reason
            nft_do_chain[nf_tables]
            nf_hook_slow
            0xffff936378692ce8      6           [curl]            kfree_skbmem
            word
            """);
    assertThat(events).extracting(StackEvent::line).containsExactly(3L, 7L);
    assertThat(events.getFirst().frames())
        .containsExactly(
            StackFrame.ofSymbol("kfree_skb_reason", -1, -1),
            StackFrame.ofSymbol("nft_do_chain", -1, -1).in("nf_tables"),
            StackFrame.ofSymbol("nf_hook_slow", -1, -1));
    EventFacts facts = events.getFirst().facts();
    assertThat(facts.reasonName()).isEqualTo("NETFILTER_DROP");
    assertThat(facts.comm()).isEqualTo("curl");
    assertThat(facts.pid()).isNull();
    assertThat(facts.interfaceName()).isEqualTo("eth0");
    assertThat(facts.netns()).isEqualTo(4026531840L);
    assertThat(facts.packet())
        .isEqualTo(new PacketSummary("TCP", "192.0.2.1", "192.0.2.2", 33918, 4240, false));
    assertThat(events.get(1).facts().reasonName()).isNull();
  }

  @Test
  void laterColumnsOfPwruAreKnownByTheEthertype() throws IOException {
    EventFacts facts =
        Texts.events(
                """
                2026-11-21T09:08:07.123 0xffff997d135cf300 17  /usr/bin/curl:3433 4026531840 0          ~if_r2_1:13    0x0800 1500  100   192.0.2.1:0->192.0.2.2:0(icmp) sk_skb_reason_drop (131079)
                nf_hook_slow
                """)
            .getFirst()
            .facts();
    assertThat(facts.comm()).isEqualTo("curl");
    assertThat(facts.pid()).isEqualTo(3433);
    assertThat(facts.netns()).isEqualTo(4026531840L);
    // Its begin is cut off.
    assertThat(facts.interfaceName()).isNull();
    assertThat(facts.reasonNumber()).isEqualTo(131079L);
    assertThat(facts.packet())
        .isEqualTo(new PacketSummary("ICMP", "192.0.2.1", "192.0.2.2", 0, 0, false));
  }

  @Test
  void aNameAloneIsNoFrameWithoutPwrusLineAboveIt() throws IOException {
    assertThat(
            Texts.events(
                """
                nf_hook_slow
                0xffff936378692ce8      6           [curl]            kfree_skbmem
                two words
                nf_hook_slow
                """))
        .isEmpty();
  }

  @Test
  void retisTellsTheReasonBeforeTheStack() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
            4152973315243 (3) [a] 1 [tp] b] 77/14839 [tp] skb:kfree_skb #1fdd (skb ffff8896) n 2 drop (reason NETFILTER_DROP)
                kfree_skb_reason+0x8f
                nf_hook_slow+0x45
                0xffffffffc0a25120
              if 1 (lo) rxif 1 192.0.2.1.36986 > 192.0.2.2.8080 ttl 64 len 40 proto TCP (6)
              \u21b3 4152973315250 (3) [nc] 14839 [k] __nft_trace_packet drop (reason 17)
                __nft_trace_packet+0x1
            """);
    assertThat(events).hasSize(2);
    assertThat(events.getFirst().frames())
        .containsExactly(
            StackFrame.ofSymbol("kfree_skb_reason", 0x8f, -1),
            HOOK,
            StackFrame.ofAddress(0xffffffffc0a25120L));
    EventFacts facts = events.getFirst().facts();
    assertThat(facts.timeNanos()).isEqualTo(4152973315243L);
    assertThat(facts.comm()).isEqualTo("a] 1 [tp] b");
    assertThat(facts.pid()).isEqualTo(14839);
    assertThat(facts.reasonName()).isEqualTo("NETFILTER_DROP");
    assertThat(events.get(1).frames().getFirst().exact()).isTrue();
    assertThat(events.get(1).facts().reasonNumber()).isEqualTo(17L);
    assertThat(events.get(1).facts().reasonName()).isNull();
  }

  @Test
  void nettraceNamesThePlaceOfADropAndItsReason() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
            [142.097193] TCP: 192.0.2.1:57022 -> 192.0.2.2:22 seq:2, ack:3, flags:AR, reason: NO_SOCKET, tcp_v4_rcv+0x81
            [142.331798] [kfree_skb           ] ICMP: 192.0.2.1 -> 192.0.2.2 ping request, seq: 1, id: 2 *reason: NETFILTER_DROP, nf_hook_slow+0x45*
            [142.331799] UDP: 2001:db8::1:1 -> ff02::16:2 *nf_hook_slow+0x45*
            [142.331799] [ip_rcv              ] UDP: 192.0.2.1:1 -> 192.0.2.2:2
            """);
    assertThat(events).extracting(StackEvent::kind).containsOnly(StackEvent.Kind.PLACE);
    assertThat(events)
        .extracting(event -> event.frames().getFirst())
        .containsExactly(StackFrame.ofSymbol("tcp_v4_rcv", 0x81, -1), HOOK, HOOK);
    assertThat(events)
        .extracting(event -> event.facts().reasonName())
        .containsExactly("NO_SOCKET", "NETFILTER_DROP", null);
    assertThat(events)
        .extracting(event -> event.facts().packet())
        .containsExactly(
            new PacketSummary("TCP", "192.0.2.1", "192.0.2.2", 57022, 22, false),
            new PacketSummary("ICMP", "192.0.2.1", "192.0.2.2", 0, 0, false),
            new PacketSummary("UDP", "2001:db8::1", "ff02::16", 1, 2, true));
  }

  @Test
  void aStackRightBehindAPlaceIsAboutTheSame() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
            [142.097193] TCP: 192.0.2.1:57022 -> 192.0.2.2:22 seq:2, ack:3, flags:AR, reason: NO_SOCKET, tcp_v4_rcv+0x81
            Call Stack:
                -> kfree_skb_reason+0xb8
                -> [ffffffff8178619e]tcp_v4_rcv+0x81

            Call Stack:
                -> nf_hook_slow+0x45
            """);
    assertThat(events).hasSize(3);
    assertThat(events.get(1).kind()).isEqualTo(StackEvent.Kind.STACK);
    assertThat(events.get(1).line()).isEqualTo(3);
    assertThat(events.get(1).frames())
        .containsExactly(
            StackFrame.ofSymbol("kfree_skb_reason", 0xb8, -1),
            StackFrame.ofSymbol("tcp_v4_rcv", 0x81, -1).at(0xffffffff8178619eL));
    assertThat(events.get(1).facts().reasonName()).isEqualTo("NO_SOCKET");
    assertThat(events.get(2).facts()).isEqualTo(EventFacts.NONE);
  }

  @Test
  void nettraceDiagnosesOverSeveralLines() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
            [1] ERROR happens in kfree_skb(life):
            \tpacket is dropped by kernel
                location:
            \ttcp_v4_rcv+0x81
                drop reason:
            \tNO_SOCKET
                stack:
                   nft_do_chain ([nf_tables])
                   ip_rcv ([kernel.kallsyms])
            """);
    assertThat(events)
        .extracting(StackEvent::kind)
        .containsExactly(StackEvent.Kind.PLACE, StackEvent.Kind.STACK);
    assertThat(events.getFirst().frames())
        .containsExactly(StackFrame.ofSymbol("tcp_v4_rcv", 0x81, -1));
    assertThat(events.get(1).frames())
        .containsExactly(
            StackFrame.ofSymbol("nft_do_chain", -1, -1).in("nf_tables"),
            StackFrame.ofSymbol("ip_rcv", -1, -1));
    assertThat(events.get(1).facts().reasonName()).isEqualTo("NO_SOCKET");
    assertThat(events.get(1).title()).isEqualTo("packet is dropped by kernel");
  }

  @Test
  void retsnoopPrintsTheOutermostFrameFirst() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
            20:19:36.372607 -> 20:19:36.372682 TID/PID 8347/8346 (simfail/simfail):

                                entry_SYSCALL_64_after_hwframe+0x63
                                do_syscall_64+0x35                   (arch/x86/entry/common.c:80:7)
                                . do_syscall_x64                     (arch/x86/entry/common.c:50:12)
                73us [-ENOMEM]  ffffffff81d2d148 __x64_sys_bpf+26    (bpf_sys @ kernel/bpf/syscall.c:5067)
            !   50us [-ENOMEM]  array_map_alloc
            !*   ... [...]      bpf_map_alloc_percpu   map_flags=0

            """);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().line()).isEqualTo(3);
    assertThat(events.getFirst().frames())
        .containsExactly(
            StackFrame.ofSymbol("bpf_map_alloc_percpu", -1, -1),
            StackFrame.ofSymbol("array_map_alloc", -1, -1),
            StackFrame.ofSymbol("__x64_sys_bpf", 26, -1)
                .at(0xffffffff81d2d148L)
                .withSource("kernel/bpf/syscall.c:5067"),
            StackFrame.ofSymbol("do_syscall_64", 0x35, -1).withSource("arch/x86/entry/common.c:80"),
            StackFrame.ofSymbol("entry_SYSCALL_64_after_hwframe", 0x63, -1));
    assertThat(events.getFirst().facts().comm()).isEqualTo("simfail");
    assertThat(events.getFirst().facts().pid()).isEqualTo(8346);
  }

  @Test
  void branchesOfRetsnoopAreTwoPlacesEach() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
            [#21] array_map_alloc_check+0x13  (kernel/bpf/arraymap.c:54:18)  ->  do_syscall_64+0x75  (arch/x86/entry/common.c:80:7)
                  . bpf_map_attr_numa_node    (include/linux/bpf.h:1735:19)      . bpf_map_attr_numa_node    (include/linux/bpf.h:1735:19)
            """);
    assertThat(events).extracting(StackEvent::kind).containsOnly(StackEvent.Kind.PLACE);
    assertThat(events)
        .extracting(event -> event.frames().getFirst())
        .containsExactly(
            StackFrame.ofSymbol("array_map_alloc_check", 0x13, -1)
                .withSource("kernel/bpf/arraymap.c:54")
                .asProgramCounter(),
            StackFrame.ofSymbol("do_syscall_64", 0x75, -1)
                .withSource("arch/x86/entry/common.c:80")
                .asProgramCounter());
  }

  @Test
  void addressesOfIndentedJsonJoinTheNamesAboveThem() throws IOException {
    List<StackEvent> events =
        Texts.events(
            """
            "kernel_stack": [
                "mutex_lock+0x5 [kernel]",
                "nft_do_chain+0x3ef [nf_tables]",
                ""
            ],
            "addresses": [
                "0xffffffff81d40055",
                "0xffffffffc03004ff",
                "0x0"
            ],
            "kernel_stack": [
                "mutex_lock+0x5 [kernel]"
            ]
            """);
    assertThat(events).hasSize(2);
    assertThat(events.getFirst().frames())
        .containsExactly(
            StackFrame.ofSymbol("mutex_lock", 5, -1).at(0xffffffff81d40055L),
            StackFrame.ofSymbol("nft_do_chain", 0x3ef, -1).in("nf_tables").at(0xffffffffc03004ffL));
    assertThat(events.get(1).frames()).containsExactly(StackFrame.ofSymbol("mutex_lock", 5, -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5 drops at once",
        "drop at: the door",
        "drop at: ip_rcv+0x1f",
        "0xffff936378692ce8 6",
        "[142.097193] TCP: request_sock_TCP: Possible SYN flooding on port 22 -> cookies, foo+0x",
        "-> somewhere",
        "location:",
        "[#1] f+0x1 -> ",
        "[#1] f -> g",
        "  f+0x1  (no source)",
        "12us [0] two words",
        "\"kernel_stack\": [",
        "17 [x] [tp] event"
      })
  void whatOnlyLooksLikeAToolsLineIsNoStack(String line) throws IOException {
    assertThat(Texts.events(line + "\n" + line)).isEmpty();
  }
}
