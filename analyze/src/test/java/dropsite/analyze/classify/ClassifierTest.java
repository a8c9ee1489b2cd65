package dropsite.analyze.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.MemorySymbols;
import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketSummary;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.stack.StackResolver;
import dropsite.symbols.ConstantArgument;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ClassifierTest {
  private static final Classifier CLASSIFIER = Classifier.shipped();
  private static final long TEXT = 0xffffffff81000000L;

  /** Classifies names as a kernel without any debugging information prints them. */
  private static Classification byNames(@Nullable String reason, String... names)
      throws IOException {
    return classify(KernelImage.of(null, Map.of(), KernelFacts.NONE, false), null, reason, names);
  }

  private static Classification classify(
      KernelImage image, @Nullable PacketSummary packet, @Nullable String reason, String... names)
      throws IOException {
    List<StackFrame> frames =
        Stream.of(names).map(name -> StackFrame.ofSymbol(name, 16, -1)).toList();
    EventFacts facts =
        new EventFacts(null, null, null, "eth0", null, null, reason, null, null, packet);
    StackEvent event = new StackEvent("text", 1, "", facts, frames, 1);
    return CLASSIFIER.classify(
        new StackResolver(image, false).resolve(event),
        reason == null ? null : new DropReason(null, reason, "printed"),
        true);
  }

  @Test
  void theFunctionBelowTheHookMachineryOwnsTheHook() throws IOException {
    assertThat(byNames(null, "kfree_skb", "nf_hook_slow", "ip_forward", "ip_rcv").classId())
        .isEqualTo("netfilter.ip.forward");
    assertThat(
            byNames(
                    null,
                    "kfree_skb_reason",
                    "nft_do_chain",
                    "nft_do_chain_inet",
                    "nf_hook_slow",
                    "ip6_input")
                .classId())
        .isEqualTo("netfilter.ip6.input");
  }

  @Test
  void hooksOfEveryFamilyAreKnownByTheirOwners() throws IOException {
    Map<String, String> owners =
        Map.ofEntries(
            Map.entry("ip_rcv", "netfilter.ip.prerouting"),
            Map.entry("ip_sublist_rcv", "netfilter.ip.prerouting"),
            Map.entry("ip_local_deliver", "netfilter.ip.input"),
            Map.entry("ip_forward", "netfilter.ip.forward"),
            Map.entry("__ip_local_out", "netfilter.ip.output"),
            Map.entry("ip_output", "netfilter.ip.postrouting"),
            Map.entry("ip_mc_output", "netfilter.ip.postrouting"),
            Map.entry("ipv6_rcv", "netfilter.ip6.prerouting"),
            Map.entry("ip6_input", "netfilter.ip6.input"),
            Map.entry("ip6_forward", "netfilter.ip6.forward"),
            Map.entry("ip6_xmit", "netfilter.ip6.output"),
            Map.entry("ip6_output", "netfilter.ip6.postrouting"),
            Map.entry("arp_rcv", "netfilter.arp.input"),
            Map.entry("arp_xmit", "netfilter.arp.output"),
            Map.entry("br_handle_frame", "netfilter.bridge.prerouting"),
            Map.entry("br_pass_frame_up", "netfilter.bridge.input"),
            Map.entry("__br_forward", "netfilter.bridge.forward"),
            Map.entry("br_forward_finish", "netfilter.bridge.postrouting"),
            Map.entry("br_nf_pre_routing", "netfilter.bridge-netfilter.prerouting"),
            Map.entry("br_nf_forward_ip", "netfilter.bridge-netfilter.forward"),
            Map.entry("br_nf_post_routing", "netfilter.bridge-netfilter.postrouting"),
            Map.entry("__netif_receive_skb_core", "netfilter.netdev.ingress"),
            Map.entry("__dev_queue_xmit", "netfilter.netdev.egress"));
    for (Map.Entry<String, String> owner : owners.entrySet()) {
      assertThat(byNames("NETFILTER_DROP", "kfree_skb", "nf_hook_slow", owner.getKey()))
          .as(owner.getKey())
          .extracting(Classification::classId, Classification::confidence)
          .containsExactly(owner.getValue(), Confidence.HIGH);
    }
  }

  @Test
  void constantArgumentsWinOverTheOwnersName() throws IOException {
    Classification classification = withArguments("ip_forward", 10, 0);
    assertThat(classification.classId()).isEqualTo("netfilter.ip6.prerouting");
    assertThat(classification.evidence())
        .anyMatch(line -> line.contains("pf=NFPROTO_IPV6, hook=NF_INET_PRE_ROUTING"));
  }

  @Test
  void constantArgumentsTellTheHookOfAnOwnerThatNobodyKnows() throws IOException {
    assertThat(withArguments("brand_new_function", 2, 3).classId())
        .isEqualTo("netfilter.ip.output");
  }

  @Test
  void bridgedPacketsInTheHooksOfIpAreOfTheBridgeAllTheSame() throws IOException {
    assertThat(withArguments("br_nf_forward_ip", 2, 2).classId())
        .isEqualTo("netfilter.bridge-netfilter.forward");
  }

  private static Classification withArguments(String owner, int family, int hook)
      throws IOException {
    MemorySymbols vmlinux =
        new MemorySymbols()
            .with("kfree_skb", TEXT + 0x200, 0x100, "s.c", 1)
            .with("nf_hook_slow", TEXT + 0x100, 0x100, "h.c", 1)
            .symbol(owner, TEXT, 0x100)
            .chain(
                TEXT,
                MemorySymbols.inlined("nf_hook", "n.h", 1),
                MemorySymbols.inlined("NF_HOOK", "n.h", 2),
                MemorySymbols.function(owner, "o.c", 2))
            .arguments(
                TEXT,
                List.of(
                    List.of(
                        new ConstantArgument("pf", family, null),
                        new ConstantArgument("hook", hook, null)),
                    List.of(),
                    List.of()));
    return classify(
        KernelImage.of(vmlinux, Map.of(), KernelFacts.NONE, false),
        null,
        null,
        "kfree_skb",
        "nf_hook_slow",
        owner);
  }

  @Test
  void aHookInlinedIntoAFunctionThatFreesForItselfIsAGuess() throws IOException {
    MemorySymbols vmlinux =
        new MemorySymbols()
            .with("kfree_skb", TEXT + 0x200, 0x100, "s.c", 1)
            .symbol("br_handle_frame", TEXT, 0x100)
            .chain(
                TEXT,
                MemorySymbols.inlined("nf_hook_bridge_pre", "b.c", 1),
                MemorySymbols.function("br_handle_frame", "b.c", 2));
    KernelImage image = KernelImage.of(vmlinux, Map.of(), KernelFacts.NONE, false);
    String[] stack = {"kfree_skb", "br_handle_frame"};
    Classification either = classify(image, null, "NOT_SPECIFIED", stack);
    assertThat(either.confidence()).isEqualTo(Confidence.LOW);
    assertThat(either.evidence()).anyMatch(line -> line.contains("frees packets of its own"));
    assertThat(classify(image, null, "NETFILTER_DROP", stack).confidence())
        .isEqualTo(Confidence.HIGH);
  }

  @Test
  void machineryLostToFramePointersIsInferredWhereNothingElseFrees() throws IOException {
    Classification lost = byNames(null, "kfree_skb", "__ip_local_out", "ip_local_out");
    assertThat(lost.classId()).isEqualTo("netfilter.ip.output");
    assertThat(lost.title()).isEqualTo("netfilter: IPv4 LOCAL_OUT (OUTPUT chain)");
    assertThat(lost.confidence()).isEqualTo(Confidence.MEDIUM);
    assertThat(lost.evidence()).anyMatch(line -> line.contains("frame pointer"));
    assertThat(lost.next())
        .extracting(NextStep::command)
        .contains(
            "iptables -L OUTPUT -v -n --line-numbers", "iptables-save -c", "nft -a list ruleset");
    // ip_forward frees packets for reasons of its own.
    assertThat(byNames(null, "kfree_skb", "ip_forward").classId()).isEqualTo("unknown");
  }

  @Test
  void aVerdictWithoutItsHookIsSaidToBeJustThat() throws IOException {
    Classification verdict =
        byNames("NETFILTER_DROP", "kfree_skb_reason", "nf_hook_slow", "new_owner");
    assertThat(verdict.classId()).isEqualTo("netfilter");
    assertThat(verdict.confidence()).isEqualTo(Confidence.MEDIUM);
  }

  @Test
  void aReasonThatContradictsTheSiteLowersConfidence() throws IOException {
    Classification doubtful = byNames("TCP_CSUM", "kfree_skb_reason", "nf_hook_slow", "ip_rcv");
    assertThat(doubtful.classId()).isEqualTo("netfilter.ip.prerouting");
    assertThat(doubtful.confidence()).isEqualTo(Confidence.MEDIUM);
    assertThat(doubtful.evidence()).anyMatch(line -> line.contains("TCP_CSUM"));
  }

  @Test
  void reasonAndSiteTogetherBeatEitherAlone() throws IOException {
    assertThat(byNames("IP_INHDR", "kfree_skb_reason", "ip_forward").classId())
        .isEqualTo("route.ttl");
    assertThat(byNames("IP_INHDR", "kfree_skb_reason", "ip_rcv_core").classId())
        .isEqualTo("header.malformed");
    assertThat(byNames("SOCKET_CLOSE", "kfree_skb_reason", "unix_release_sock").classId())
        .isEqualTo("benign.unix-close");
    assertThat(byNames("SOCKET_CLOSE", "kfree_skb_reason", "tcp_close").classId())
        .isEqualTo("benign.socket-close");
  }

  @Test
  void onlyThePacketTellsMulticastFromMartian() throws IOException {
    String[] stack = {"kfree_skb_reason", "ip_rcv_finish_core", "ip_rcv"};
    KernelImage none = KernelImage.of(null, Map.of(), KernelFacts.NONE, false);
    assertThat(classify(none, packet("239.1.1.1", true), "NOT_SPECIFIED", stack).classId())
        .isEqualTo("route.multicast");
    assertThat(classify(none, packet("10.0.0.1", false), "NOT_SPECIFIED", stack).classId())
        .isEqualTo("route.martian");
    assertThat(classify(none, null, "NOT_SPECIFIED", stack).classId()).isEqualTo("unknown");
  }

  private static PacketSummary packet(String destination, boolean multicast) {
    return new PacketSummary("UDP", "10.0.0.9", destination, 1, 2, multicast);
  }

  @Test
  void whatNoRuleKnowsIsUnknownWithItsSite() throws IOException {
    Classification unknown = byNames(null, "kfree_skb", "brand_new_function", "its_caller");
    assertThat(unknown.classId()).isEqualTo("unknown");
    assertThat(unknown.severity()).isEqualTo(Severity.UNKNOWN);
    DropPlace place = unknown.place();
    assertThat(place).isNotNull();
    assertThat(place.layer()).isNotNull();
    assertThat(place.layer().source().canonicalName()).isEqualTo("brand_new_function");
  }

  @Test
  void aStackThatFreesNothingHasNoSite() throws IOException {
    Classification none = byNames(null, "ip_rcv", "process_backlog");
    assertThat(none.classId()).isEqualTo("unknown");
    assertThat(none.place()).isNull();
  }

  @Test
  void aReasonThatCannotComeFromTheStackLowersConfidence() throws IOException {
    Classification doubtful = byNames("TCP_CSUM", "kfree_skb_reason", "__udp4_lib_rcv", "udp_rcv");
    assertThat(doubtful.confidence()).isEqualTo(Confidence.MEDIUM);
    assertThat(doubtful.evidence())
        .anyMatch(line -> line.contains("TCP_CSUM is given only within TCP"));
  }

  @Test
  void whatWasPutAsideIsNeverSaidWithConfidence() throws IOException {
    Classification deferred = byNames("NOT_SPECIFIED", "net_tx_action", "handle_softirqs");
    assertThat(byNames("NOT_SPECIFIED", "kfree_skb", "net_tx_action").classId())
        .isEqualTo("unknown.deferred");
    assertThat(deferred.confidence()).isEqualTo(Confidence.LOW);
    assertThat(byNames("FULL_RING", "kfree_skb", "net_tx_action").confidence())
        .isEqualTo(Confidence.LOW);
  }

  @Test
  void whoEmptiesAQueueSaysMoreThanThatItIsEmptied() throws IOException {
    assertThat(byNames(null, "kfree_skb", "skb_queue_purge", "inet_sock_destruct").classId())
        .isEqualTo("benign.socket-close");
    assertThat(byNames(null, "kfree_skb", "skb_queue_purge", "brand_new_function").classId())
        .isEqualTo("benign.queue-purge");
  }

  @Test
  void directionComesFromTheChainUpToTheSoftirq() throws IOException {
    WayTable ways = RuleBook.shipped().ways();
    assertThat(way(ways, "ip_finish_output2", "ip_forward", "ip_rcv").direction())
        .isEqualTo(Way.Direction.FORWARD);
    assertThat(way(ways, "ip_output", "icmp_push_reply", "ip_forward", "ip_rcv").direction())
        .isEqualTo(Way.Direction.TRANSMIT);
    assertThat(way(ways, "udp_rcv", "ip_rcv", "process_backlog", "ip_output").direction())
        .isEqualTo(Way.Direction.RECEIVE);
  }

  private static Way way(WayTable ways, String... names) throws IOException {
    List<StackFrame> frames =
        Stream.concat(Stream.of("kfree_skb"), Stream.of(names)).map(StackFrame::ofName).toList();
    KernelImage none = KernelImage.of(null, Map.of(), KernelFacts.NONE, false);
    StackEvent event = new StackEvent("text", 1, "", EventFacts.NONE, frames, 1);
    return ways.of(
        CallChain.of(new StackResolver(none, false).resolve(event), RuleBook.shipped().freeing()));
  }
}
