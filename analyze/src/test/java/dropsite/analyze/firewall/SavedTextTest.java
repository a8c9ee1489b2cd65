package dropsite.analyze.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules as the savers print them, against packets that meet them, do not, and may. */
final class SavedTextTest {
  private static final Tool IPTABLES =
      new Tool("iptables-legacy", Tool.Syntax.IPTABLES, "ip", "iptables-legacy");
  private static final Tool IP6TABLES =
      new Tool("ip6tables-legacy", Tool.Syntax.IPTABLES, "ip6", "ip6tables-legacy");
  private static final Tool ARPTABLES =
      new Tool("arptables-nft", Tool.Syntax.ARPTABLES, "arp", "arptables-nft");
  private static final Tool EBTABLES =
      new Tool("ebtables-nft", Tool.Syntax.EBTABLES, "bridge", "ebtables-nft");

  private static final DropEvent.Packet UDP = Packets.udp("10.1.0.2", "192.168.1.7", 5353, 53);
  private static final DropEvent.Packet TCP = Packets.tcp("10.1.0.2", "192.168.1.7", 4000, 80, 2);
  private static final DropEvent.Packet PING = Packets.icmp("10.1.0.2", "192.168.1.7", 8, 0);
  private static final DropEvent.Packet UDP6 = Packets.udp("fd00::1", "fd00::2", 5353, 53);
  private static final DropEvent.Packet PING6 = Packets.icmp("fd00::1", "fd00::2", 128, 0);
  private static final DropEvent.Packet ARP =
      Packets.arp(1, "02:00:00:00:00:01", "10.1.0.1", "10.1.0.2");

  private static Ipsets sets() throws IOException {
    return Ipsets.read(Snapshots.text("ipset.txt"));
  }

  private static Map<String, Chain> chains(String file, Tool tool) throws IOException {
    return SavedText.read(Snapshots.text(file), tool, sets()).stream()
        .collect(Collectors.toMap(chain -> chain.table() + " " + chain.name(), chain -> chain));
  }

  private static Chain chain(Map<String, Chain> chains, String name) {
    return Objects.requireNonNull(chains.get(name), name);
  }

  /** Returns whether a packet meets a rule that came in by eth0. */
  private static Truth meets(Tool tool, String options, DropEvent.Packet packet)
      throws IOException {
    String text = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT " + options + " -j DROP\nCOMMIT\n";
    List<Chain> chains = SavedText.read(text, tool, sets());
    Hook hook = new Hook(tool.family(), "input");
    PacketAtHook at = new PacketAtHook(packet, "eth0", hook);
    return chains.getFirst().rules().getFirst().conditions().stream()
        .map(condition -> condition.test(at))
        .reduce(Truth.YES, Truth::and);
  }

  @Test
  void tablesChainsPoliciesAndRulesAreRead() throws IOException {
    Map<String, Chain> chains = chains("iptables-legacy.txt", IPTABLES);
    assertThat(chains.keySet())
        .contains("filter INPUT", "filter web", "raw PREROUTING", "nat POSTROUTING");
    assertThat(chain(chains, "filter FORWARD").policy()).isEqualTo(Verdict.Kind.DROP);
    assertThat(chain(chains, "filter FORWARD").policyCounter()).isEqualTo(new Counter(0, 0));
    assertThat(chain(chains, "raw PREROUTING").priority()).isEqualTo(-300);
    assertThat(chain(chains, "filter web").hook()).isNull();
    assertThat(chain(chains, "filter INPUT").rules()).hasSize(34);
    FirewallRule second = chain(chains, "filter INPUT").rules().get(1);
    assertThat(second.position()).isEqualTo(2);
    assertThat(second.text().get()).startsWith("-A INPUT -s 10.0.0.0/8").endsWith("-j DROP");
    assertThat(second.conditions())
        .extracting(Condition::words)
        .containsExactly(
            "-s 10.0.0.0/8",
            "-d 192.168.1.0/24",
            "-i eth0",
            "-p udp",
            "--sport 1024:65535",
            "--dport 53");
    assertThat(chain(chains, "filter web").rules())
        .extracting(rule -> rule.branches().getFirst().verdict())
        .containsExactly(new Verdict(Verdict.Kind.GOTO, "web2"), Verdict.of(Verdict.Kind.RETURN));
  }

  @Test
  void nothingInRealTextIsTakenForAMatchThatIsNotUnderstood() throws IOException {
    for (Chain chain : chains("iptables-nft.txt", IPTABLES).values()) {
      for (FirewallRule rule : chain.rules()) {
        assertThat(rule.conditions()).extracting(Condition::words).doesNotContain("");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-p udp -m udp --dport 53 | YES",
        "-p udp -m udp --dport 54 | NO",
        "-p udp -m udp ! --dport 53 | NO",
        "-p udp -m udp --sport 1024:65535 | YES",
        "-p udp -m udp --sport :1023 | NO",
        "-p udp -m udp --sport 5353: | YES",
        "-p tcp -m tcp --dport 53 | NO",
        "! -p tcp | YES",
        "-s 10.1.0.0/16 | YES",
        "! -s 10.1.0.0/16 | NO",
        "-s 10.1.0.2/255.255.0.255 | YES",
        "-s 10.9.0.2/255.0.0.255 | YES",
        "-s 10.9.0.3/255.0.0.255 | NO",
        "-d 192.168.1.7/32 | YES",
        "-d 192.168.1.8 | NO",
        "-i eth0 | YES",
        "-i eth+ | YES",
        "! -i eth+ | NO",
        "-i wlan0 | NO",
        "-p udp -m multiport --dports 1,50:60,99 | YES",
        "-p udp -m multiport --sports 1,50:60,99 | NO",
        "-p udp -m multiport --ports 1,50:60,99 | YES",
        "-p udp -m multiport ! --dports 1,99 | YES",
        "-m iprange --src-range 10.0.255.255-10.1.0.9 | YES",
        "-m iprange ! --dst-range 10.0.0.0-10.0.0.9 | YES",
        "-m mark --mark 0x10/0xff | NO",
        "-m mark --mark 0x0/0xff | YES",
        "-m mac --mac-source 02:00:00:00:00:01 | YES",
        "-m mac --mac-source 02:00:00:00:00:02 | NO",
        "-m length --length 40:100 | YES",
        "-m length --length 100 | NO",
        "-m ttl --ttl-eq 64 | YES",
        "-m ttl --ttl-lt 64 | NO",
        "-m ttl --ttl-gt 63 | YES",
        "-m pkttype --pkt-type broadcast | NO",
        "-m tos --tos 0x00/0xff | YES",
        "-m dscp --dscp 0x0a | NO",
        "-m addrtype --dst-type MULTICAST | NO",
        "-m addrtype --dst-type LOCAL | MAYBE",
        "-f | NO",
        "! -f | YES",
        "-m comment --comment \"-p tcp -j DROP\" | YES",
        "-m conntrack --ctstate INVALID | MAYBE",
        "-m conntrack ! --ctstate RELATED,ESTABLISHED | MAYBE",
        "-p tcp -m conntrack --ctstate INVALID | NO",
        "-m state --state NEW | MAYBE",
        "-m limit --limit 5/sec | MAYBE",
        "-m u32 --u32 \"0x6&0xff=0x1\" | MAYBE",
        "-m bpf --bytecode \"4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0\" | MAYBE",
        "-m owner --uid-owner 0 | MAYBE",
        "-m physdev --physdev-in v1 | MAYBE",
        "-m newmatch --new-option 1 2 3 | MAYBE",
        "-m udp --unheard-of | MAYBE",
        "-s not-an-address | MAYBE",
        "-m set --match-set hs src | NO",
        "-m set ! --match-set hs src | YES",
        "-m set --match-set gone src | MAYBE",
        "-m set --match-set cnt src | MAYBE",
        "-m set --match-set hn src | MAYBE",
        "-m set --match-set hp src,dst | NO",
        "-m set --match-set pp dst | NO",
        "-m set --match-set hn6 src | NO",
      })
  void udpOverIpv4(String options, Truth truth) throws IOException {
    assertThat(meets(IPTABLES, options, UDP)).isEqualTo(truth);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN | YES",
        "-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK | NO",
        "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN | NO",
        "-p tcp -m tcp --tcp-flags ALL NONE | NO",
        "-p tcp -m tcp --tcp-option 5 | MAYBE",
        "-p udp -m udp --dport 80 | NO",
        "-m set --match-set pp dst | YES",
      })
  void tcp(String options, Truth truth) throws IOException {
    assertThat(meets(IPTABLES, options, TCP)).isEqualTo(truth);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-p icmp -m icmp --icmp-type 8 | YES",
        "-p icmp -m icmp --icmp-type 8/0 | YES",
        "-p icmp -m icmp --icmp-type 8/1 | NO",
        "-p icmp -m icmp ! --icmp-type 0 | YES",
        "-p icmp -m icmp --icmp-type any | YES",
      })
  void icmp(String options, Truth truth) throws IOException {
    assertThat(meets(IPTABLES, options, PING)).isEqualTo(truth);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-s fd00::/8 | YES",
        "-s fe80::/10 | NO",
        "! -s fd00::/8 | NO",
        "-d fd00::2/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | YES",
        "-p udp -m udp --dport 53 | YES",
        "-m hl --hl-gt 200 | NO",
        "-m hl --hl-eq 64 | YES",
        "-m rt --rt-type 0 | MAYBE",
        "-m set --match-set hn6 src | YES",
        "-m set --match-set hn src | MAYBE",
      })
  void udpOverIpv6(String options, Truth truth) throws IOException {
    assertThat(meets(IP6TABLES, options, UDP6)).isEqualTo(truth);
  }

  @Test
  void icmpOverIpv6() throws IOException {
    assertThat(meets(IP6TABLES, "-p ipv6-icmp -m icmp6 --icmpv6-type 128", PING6))
        .isEqualTo(Truth.YES);
    assertThat(meets(IP6TABLES, "-p ipv6-icmp -m icmp6 --icmpv6-type 129", PING6))
        .isEqualTo(Truth.NO);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-p IPv4 --ip-proto udp --ip-dport 53 | YES",
        "-p IPv4 --ip-proto udp --ip-dport 54:60 | NO",
        "-p IPv6 | NO",
        "-p ! IPv4 | NO",
        "! -p IPv6 | YES",
        "-p IPv4 --ip-src 10.0.0.0/8 --ip-dst ! 10.1.0.0/16 | YES",
        "-p IPv4 --ip-source 10.0.0.0/8 --ip-destination 10.1.0.0/16 | NO",
        "-s 02:00:00:00:00:01 | YES",
        "-d Broadcast | NO",
        "-s Multicast | NO",
        "-s Unicast | YES",
        "-i v1 | MAYBE",
        "--logical-in eth0 | YES",
        "--logical-in ! eth0 | NO",
        "-o v+ | NO",
        "--mark 0x5/0xf | NO",
        "--pkttype-type multicast | NO",
        "--limit 3/sec --limit-burst 5 | MAYBE",
        "-p Length --802_3-type 0x0001 | MAYBE",
        "-p 802_1Q --vlan-id 5 | NO",
        "--among-src 2:0:0:0:0:5=10.0.0.1 | MAYBE",
        "--log-level notice --log-prefix \"x -j\" | YES",
      })
  void bridged(String options, Truth truth) throws IOException {
    assertThat(meets(EBTABLES, options, UDP)).isEqualTo(truth);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-s 10.1.0.1 | YES",
        "-d 10.1.0.0/16 | YES",
        "! -d 10.1.0.0/16 | NO",
        "--src-mac 02:00:00:00:00:01 --opcode 1 | YES",
        "--opcode Reply | NO",
        "! --opcode 2 | YES",
        "-i eth0 --h-type 1 --proto-type 0x800 | YES",
        "-i any -o any | YES",
      })
  void arp(String options, Truth truth) throws IOException {
    assertThat(meets(ARPTABLES, options, ARP)).isEqualTo(truth);
  }

  @Test
  void targetsOfEbtablesDecideWhatComesAfterThem() throws IOException {
    Map<String, Chain> chains = chains("ebtables-nft.txt", EBTABLES);
    assertThat(chain(chains, "filter INPUT").rules().getFirst().branches().getFirst().verdict())
        .isEqualTo(new Verdict(Verdict.Kind.ACCEPT, "mark"));
    assertThat(chain(chains, "filter OUTPUT").priority()).isEqualTo(200);
    assertThat(chain(chains, "nat PREROUTING").priority()).isEqualTo(-300);
    assertThat(chain(chains, "filter FORWARD").rules()).hasSize(19);
  }

  @Test
  void countersOfTheOlderEbtablesStandAtTheEnd() throws IOException {
    List<Chain> chains =
        SavedText.read(
            "*filter\n:FORWARD ACCEPT\n-A FORWARD -p IPv4 --ip-dport 9 -j DROP -c 3 180\n",
            EBTABLES,
            sets());
    FirewallRule rule = chains.getFirst().rules().getFirst();
    assertThat(rule.counter()).isEqualTo(new Counter(3, 180));
    assertThat(rule.text().get()).isEqualTo("-A FORWARD -p IPv4 --ip-dport 9 -j DROP");
    assertThat(rule.conditions()).hasSize(2);
  }

  @Test
  void aFrameThatIsRoutedByBrouteIsNotDroppedThere() throws IOException {
    List<Chain> chains =
        SavedText.read("*broute\n:BROUTING DROP\n-A BROUTING -j DROP\n", EBTABLES, sets());
    assertThat(chains.getFirst().hook()).isNull();
  }

  @Test
  void argumentsOfTargetsAreNoConditions() throws IOException {
    assertThat(meets(IPTABLES, "-j LOG --log-prefix \"-p tcp\"", UDP)).isEqualTo(Truth.YES);
  }
}
