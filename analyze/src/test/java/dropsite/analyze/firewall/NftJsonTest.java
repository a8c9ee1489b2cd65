package dropsite.analyze.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules as nft 1.0.6 prints them, against packets that meet them, do not, and may. */
final class NftJsonTest {
  private static final Tool NFT = new Tool("nft", Tool.Syntax.NFT, "", "nft");

  private static final Map<String, DropEvent.Packet> PACKETS =
      Map.of(
          "udp1", Packets.udp("10.1.0.2", "10.0.0.5", 53, 1),
          "dns", Packets.udp("192.0.2.1", "192.0.2.2", 4000, 53),
          "web", Packets.tcp("10.1.0.2", "192.0.2.2", 4000, 80, 2),
          "net", Packets.tcp("10.2.0.1", "192.0.2.2", 4000, 99, 0x12),
          "ping", Packets.icmp("192.0.2.1", "192.0.2.2", 8, 0),
          "udp6", Packets.udp("fd00::1", "fd00::2", 4000, 53),
          "ping6", Packets.icmp("2001:db8::1", "2001:db8::2", 128, 0),
          "marked", Packets.marked(Packets.udp("192.0.2.1", "192.0.2.2", 5, 6), 0x1110),
          "arp", Packets.arp(1, "02:00:00:00:00:01", "10.1.0.1", "10.1.0.2"));

  private static NftJson read(String file) throws IOException {
    byte[] bytes = Snapshots.text(file).getBytes(StandardCharsets.UTF_8);
    return NftJson.read(bytes, bytes.length, NFT);
  }

  private static Map<String, Chain> chains(NftJson json) {
    return json.chains().stream()
        .collect(
            Collectors.toMap(
                chain -> chain.family() + " " + chain.table() + " " + chain.name(),
                chain -> chain));
  }

  private static Chain chain(Map<String, Chain> chains, String name) {
    return Objects.requireNonNull(chains.get(name), name);
  }

  private static FirewallRule rule(String chain, int handle) throws IOException {
    return chain(chains(read("nft.json")), chain).rules().stream()
        .filter(rule -> String.valueOf(handle).equals(rule.handle()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void tablesChainsAndRulesAreRead() throws IOException {
    NftJson json = read("nft.json");
    assertThat(json.cut()).isFalse();
    Map<String, Chain> chains = chains(json);
    Chain in = chain(chains, "inet t cin");
    assertThat(in.policy()).isEqualTo(Verdict.Kind.DROP);
    assertThat(in.hangsOn("ip", "input")).isTrue();
    assertThat(in.hangsOn("ip6", "input")).isTrue();
    assertThat(in.hangsOn("arp", "input")).isFalse();
    assertThat(in.hangsOn("ip", "output")).isFalse();
    assertThat(chain(chains, "inet t cfw").priority()).isEqualTo(-5);
    assertThat(chain(chains, "netdev nd ci").hangsOn("netdev", "ingress")).isTrue();
    assertThat(chain(chains, "inet ing ci").hangsOn("netdev", "ingress")).isTrue();
    assertThat(chain(chains, "bridge br cf").hangsOn("bridge", "forward")).isTrue();
    assertThat(chain(chains, "inet t cweb").hook()).isNull();
    assertThat(chain(chains, "ip dd ci").maybeHangs()).as("dormant").isTrue();
    assertThat(rule("inet t cin", 22).counter()).isEqualTo(new Counter(0, 0));
    assertThat(rule("inet t cin", 24).counter()).isNull();
    assertThat(rule("inet t cin", 25).counter()).as("named").isEqualTo(new Counter(0, 0));
  }

  @Test
  void rulesAreWrittenAsNftWritesThem() throws IOException {
    List<String> written =
        chain(chains(read("nft.json")), "inet t cin").rules().stream()
            .map(rule -> rule.text().get())
            .toList();
    assertThat(written)
        .contains(
            "udp dport 1 counter drop",
            "udp dport { 1-2, 5-9 } drop",
            "tcp dport @ports counter name \"cc\" drop",
            "ip saddr . tcp dport { 10.1.0.0/16 . 80, 10.2.0.1 . 1-99 } counter drop",
            "tcp dport vmap { 90 : drop, 91 : jump cweb, 92-95 : goto cweb2 }",
            "ip saddr != 10.0.0.0/8 drop",
            "meta mark & 255 == 16 drop",
            "ct state invalid drop",
            "iif lo accept",
            "iifname \"eth*\" drop",
            "oifname != \"eth0\" drop",
            "fib saddr . iif oif missing drop",
            "limit rate over 5/second drop",
            "reject with icmpx admin-prohibited",
            "log prefix \"x\" drop");
  }

  @ParameterizedTest
  @CsvSource({
    "22, udp1, YES",
    "22, dns, NO",
    "22, web, NO", // udp dport 1
    "24, udp1, YES",
    "24, dns, NO", // udp dport { 1-2, 5-9 }
    "25, web, YES",
    "25, net, NO",
    "25, dns, NO", // tcp dport @ports
    "26, web, YES",
    "26, dns, NO",
    "26, udp6, NO", // ip saddr @addrs
    "27, udp6, YES",
    "27, ping6, NO",
    "27, web, NO", // ip6 saddr @six
    "28, web, YES",
    "28, net, YES",
    "28, udp1, NO", // ip saddr . tcp dport @cat
    "30, web, YES",
    "30, net, YES",
    "30, udp1, NO",
    "31, web, YES", // iifname @nam
    "37, web, NO",
    "37, dns, YES",
    "37, udp6, NO", // ip saddr != 10.0.0.0/8
    "38, udp1, YES",
    "38, web, NO", // ip daddr 10.0.0.1-10.0.0.9
    "39, web, YES",
    "39, dns, NO", // ip saddr 10.1.0.0/16
    "40, marked, YES",
    "40, dns, NO", // meta mark & 0xff == 0x10
    "43, web, MAYBE", // ct state invalid
    "48, web, MAYBE",
    "50, web, YES",
    "50, net, NO",
    "50, dns, NO", // tcp flags syn / fin,syn,rst,ack
    "51, web, YES",
    "51, net, NO",
    "52, web, YES",
    "52, net, YES",
    "52, dns, NO", // tcp flags syn
    "53, web, NO", // iif lo
    "54, web, YES", // iifname eth*
    "55, web, YES", // oifname != eth0
    "56, web, YES",
    "56, udp6, NO", // meta nfproto ipv4
    "57, web, NO", // meta length 100-200
    "58, web, NO", // meta pkttype broadcast
    "59, web, MAYBE", // meta skuid
    "60, web, NO",
    "60, udp6, NO", // ip ttl < 5
    "61, web, NO", // ip frag-off & 0x1fff != 0
    "62, ping, YES",
    "62, web, NO",
    "62, ping6, NO", // ip protocol icmp
    "63, ping, YES",
    "63, ping6, NO",
    "65, ping6, YES",
    "65, ping, NO",
    "66, web, NO",
    "67, web, NO",
    "68, web, YES",
    "68, udp6, NO",
    "69, udp6, YES",
    "69, ping6, NO", // ip6 nexthdr udp
    "70, udp6, NO", // ip6 hoplimit 5
    "71, dns, YES",
    "71, udp6, YES",
    "71, web, NO", // th dport 53
    "73, dns, NO",
    "73, udp6, NO", // @nh,64,8 0x11: that is the TTL
    "74, web, YES", // ether saddr
    "75, web, YES",
    "75, udp6, NO", // ether type ip
    "76, web, MAYBE",
    "77, web, MAYBE", // fib
    "78, web, MAYBE",
    "81, web, MAYBE",
    "83, web, MAYBE",
    "89, web, MAYBE",
    "84, web, NO",
    "92, web, MAYBE",
    "94, web, MAYBE",
    "96, udp6, MAYBE",
    "97, web, MAYBE",
  })
  void packetsMeetRules(int handle, String packet, Truth truth) throws IOException {
    assertThat(meets(rule("inet t cin", handle), packet, new Hook("ip", "input"))).isEqualTo(truth);
  }

  @Test
  void otherFamilies() throws IOException {
    Hook arp = new Hook("arp", "input");
    assertThat(meets(rule("arp a ci", 2), "arp", arp)).isEqualTo(Truth.YES);
    Hook bridge = new Hook("bridge", "forward");
    assertThat(meets(rule("bridge br cf", 3), "arp", bridge)).isEqualTo(Truth.YES);
    assertThat(meets(rule("bridge br cf", 3), "web", bridge)).isEqualTo(Truth.NO);
    assertThat(meets(rule("bridge br cf", 5), "web", bridge)).isEqualTo(Truth.NO);
    assertThat(meets(rule("bridge br cf", 8), "web", bridge)).isEqualTo(Truth.MAYBE);
    assertThat(meets(rule("netdev nd ci", 4), "web", new Hook("netdev", "ingress")))
        .isEqualTo(Truth.NO);
  }

  private static Truth meets(FirewallRule rule, String packet, Hook hook) {
    PacketAtHook at = new PacketAtHook(Objects.requireNonNull(PACKETS.get(packet)), "eth0", hook);
    return rule.conditions().stream()
        .map(condition -> condition.test(at))
        .reduce(Truth.YES, Truth::and);
  }

  @Test
  void verdictMapsHaveABranchForEachElement() throws IOException {
    assertThat(rule("inet t cin", 34).branches())
        .extracting(FirewallRule.Branch::verdict)
        .containsExactly(
            new Verdict(Verdict.Kind.DROP, "drop"),
            new Verdict(Verdict.Kind.JUMP, "cweb"),
            new Verdict(Verdict.Kind.GOTO, "cweb2"),
            Verdict.of(Verdict.Kind.CONTINUE));
    assertThat(rule("inet t cin", 32).branches()).as("named").hasSize(4);
  }

  @Test
  void expressionsOfXtablesAreOpaque() throws IOException {
    Chain input = chain(chains(read("nft-of-iptables.json")), "ip filter INPUT");
    FirewallRule multiport =
        input.rules().stream()
            .filter(rule -> rule.text().get().contains("multiport"))
            .findFirst()
            .orElseThrow();
    PacketAtHook at =
        new PacketAtHook(
            Packets.tcp("10.1.0.2", "10.9.9.9", 1, 22, 2), "lo", new Hook("ip", "input"));
    assertThat(multiport.conditions().getLast().test(at)).isEqualTo(Truth.MAYBE);
    assertThat(multiport.text().get()).endsWith("xt match \"multiport\" counter drop");
  }

  @Test
  void aTextThatBreaksOffIsReadToThere() throws IOException {
    byte[] bytes = Snapshots.text("nft.json").getBytes(StandardCharsets.UTF_8);
    int whole = read("nft.json").chains().stream().mapToInt(c -> c.rules().size()).sum();
    for (int length : new int[] {0, 1, 13, 500, bytes.length / 2, bytes.length - 4}) {
      NftJson json = NftJson.read(Arrays.copyOf(bytes, length), length, NFT);
      assertThat(json.cut()).isTrue();
      assertThat(json.chains().stream().mapToInt(chain -> chain.rules().size()).sum())
          .isLessThanOrEqualTo(whole);
    }
    NftJson most = NftJson.read(bytes, bytes.length - 4, NFT);
    assertThat(most.chains()).hasSize(read("nft.json").chains().size());
  }
}
