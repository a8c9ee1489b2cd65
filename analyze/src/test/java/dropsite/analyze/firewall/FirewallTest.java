package dropsite.analyze.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.attribution.DropCase;
import dropsite.analyze.box.Box;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.NextStep;
import dropsite.capture.DropEvent;
import dropsite.capture.host.SnapshotPart.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rulesets with one rule that dropped a packet and others that did not. */
final class FirewallTest {
  private static final DropEvent.Packet DNS = Packets.udp("10.1.0.2", "10.2.0.2", 4000, 53);

  private static String filter(String... lines) {
    return "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
        + String.join("\n", lines)
        + "\nCOMMIT\n";
  }

  private static Snapshots iptables(String before, String after) {
    return new Snapshots().before("iptables-legacy", before).after("iptables-legacy", after);
  }

  private static List<String> texts(List<Attribution> found) {
    return found.stream().map(Attribution::text).toList();
  }

  @Test
  void theRuleThatMatchesAndCountedDidIt() {
    Attribution did =
        iptables(
                filter("[3:180] -A INPUT -p udp -m udp --dport 53 -j DROP"),
                filter("[8:480] -A INPUT -p udp -m udp --dport 53 -j DROP"))
            .of("ip.input", "eth0", DNS)
            .getFirst();
    assertThat(did.kind()).isEqualTo(Kind.RULE);
    assertThat(did.text()).isEqualTo("-A INPUT -p udp -m udp --dport 53 -j DROP");
    assertThat(did.table()).isEqualTo("filter");
    assertThat(did.chain()).isEqualTo("INPUT");
    assertThat(did.handle()).isEqualTo("line 1");
    assertThat(did.counterDelta()).isEqualTo(5);
    assertThat(did.confidence()).isEqualTo(Confidence.HIGH);
    assertThat(did.evidence())
        .containsExactly(
            "the packet meets each condition of rule 1 of chain INPUT, which the ip input hook runs"
                + " with priority 0: -p udp; --dport 53",
            "its counter went from 3 to 8 packets while recording");
    assertThat(did.commands())
        .extracting(NextStep::command)
        .containsExactly(
            "iptables-legacy -t filter -L INPUT -v -n --line-numbers",
            "iptables-legacy -t filter -D INPUT 1");
  }

  @Test
  void innocentNeighboursAreNotNamed() {
    String guilty = "-A INPUT -p udp -m udp --dport 53 -j DROP";
    String before =
        filter(
            "[1:60] -A INPUT -p udp -m udp --dport 54 -j DROP",
            "[1:60] -A INPUT -p tcp -m tcp --dport 53 -j DROP",
            "[1:60] -A INPUT -i eth1 -p udp -m udp --dport 53 -j DROP",
            "[1:60] -A INPUT -s 10.9.0.0/16 -j DROP",
            "[0:0] -A INPUT -m conntrack --ctstate INVALID -j DROP",
            "[1:60] " + guilty,
            "[0:0] -A INPUT -p udp -j DROP",
            "[0:0] -A FORWARD -p udp -m udp --dport 53 -j DROP",
            "[0:0] -A OUTPUT -p udp -m udp --dport 53 -j DROP");
    Snapshots snapshots =
        iptables(before, before.replace("[1:60] " + guilty, "[2:120] " + guilty))
            .always("ip6tables-legacy", filter("[0:0] -A INPUT -p udp -m udp --dport 53 -j DROP"))
            .always(
                "ebtables-legacy",
                "*filter\n:INPUT ACCEPT\n-A INPUT -p IPv4 --ip-proto udp -j DROP\n");
    List<Attribution> found = snapshots.of("ip.input", "eth0", DNS);
    assertThat(texts(found)).containsExactly(guilty);
    assertThat(found.getFirst().handle()).isEqualTo("line 6");
    assertThat(found.getFirst().confidence()).isEqualTo(Confidence.HIGH);
  }

  @Test
  void userChainsAreWalked() {
    String chains = ":web - [0:0]\n:dns - [0:0]\n";
    List<Attribution> found =
        iptables(
                filter(
                    chains,
                    "[0:0] -A INPUT -p tcp -j web",
                    "[0:0] -A INPUT -p udp -j dns",
                    "[0:0] -A INPUT -j DROP",
                    "[0:0] -A web -j DROP",
                    "[0:0] -A dns -p udp -m udp --dport 5353 -j RETURN",
                    "[0:0] -A dns -j DROP"),
                filter(
                    chains,
                    "[0:0] -A INPUT -p tcp -j web",
                    "[1:60] -A INPUT -p udp -j dns",
                    "[0:0] -A INPUT -j DROP",
                    "[0:0] -A web -j DROP",
                    "[0:0] -A dns -p udp -m udp --dport 5353 -j RETURN",
                    "[1:60] -A dns -j DROP"))
            .of("ip.input", "eth0", DNS);
    assertThat(texts(found)).containsExactly("-A dns -j DROP");
    assertThat(found.getFirst().chain()).isEqualTo("dns");
    assertThat(found.getFirst().handle()).isEqualTo("line 2");
    assertThat(found.getFirst().evidence()).contains("rule 2 of INPUT leads to chain dns");
    assertThat(found.getFirst().confidence()).isEqualTo(Confidence.HIGH);
  }

  @Test
  void aPolicyDoesItWhereNoRuleDecides() {
    String rules = "[0:0] -A FORWARD -p tcp -j ACCEPT";
    List<Attribution> found =
        iptables(
                filter(rules).replace(":FORWARD ACCEPT [0:0]", ":FORWARD DROP [2:100]"),
                filter(rules).replace(":FORWARD ACCEPT [0:0]", ":FORWARD DROP [4:220]"))
            .of("ip.forward", "eth0", DNS);
    assertThat(texts(found)).containsExactly("-P FORWARD DROP");
    Attribution policy = found.getFirst();
    assertThat(policy.kind()).isEqualTo(Kind.POLICY);
    assertThat(policy.counterDelta()).isEqualTo(2);
    assertThat(policy.confidence()).isEqualTo(Confidence.HIGH);
    assertThat(policy.commands())
        .extracting(NextStep::command)
        .containsExactly(
            "iptables-legacy -t filter -L FORWARD -v -n --line-numbers",
            "iptables-legacy -t filter -P FORWARD ACCEPT");
  }

  @Test
  void anAcceptedPacketComesToTheNextTable() {
    String raw = "*raw\n:PREROUTING ACCEPT [0:0]\n[0:0] -A PREROUTING -p udp -j ACCEPT\nCOMMIT\n";
    String mangle =
        "*mangle\n:PREROUTING ACCEPT [0:0]\n[%s] -A PREROUTING -p udp -j DROP\nCOMMIT\n";
    List<Attribution> found =
        iptables(raw + mangle.formatted("0:0"), raw + mangle.formatted("1:60"))
            .of("ip.prerouting", "eth0", DNS);
    assertThat(found).extracting(Attribution::table).containsExactly("mangle");
  }

  @Test
  void aRejectDropsToo() {
    String rule = "-A INPUT -p udp -j REJECT --reject-with icmp-port-unreachable";
    assertThat(
            texts(
                iptables(filter("[0:0] " + rule), filter("[1:60] " + rule))
                    .of("ip.input", "eth0", DNS)))
        .containsExactly(rule);
  }

  @Test
  void bothAreListedWhereTwoFit() {
    List<Attribution> found =
        iptables(
                filter(
                    "[0:0] -A INPUT -m conntrack --ctstate INVALID -j DROP",
                    "[0:0] -A INPUT -p udp -j DROP"),
                filter(
                    "[4:240] -A INPUT -m conntrack --ctstate INVALID -j DROP",
                    "[2:120] -A INPUT -p udp -j DROP"))
            .of("ip.input", "eth0", DNS);
    assertThat(texts(found))
        .containsExactly(
            "-A INPUT -p udp -j DROP", "-A INPUT -m conntrack --ctstate INVALID -j DROP");
    assertThat(found).extracting(Attribution::confidence).containsOnly(Confidence.MEDIUM);
    assertThat(found.getLast().evidence())
        .contains(
            "what connection tracking knew of it is not in the recording (--ctstate INVALID)",
            "1 other fits too");
    assertThat(found.getFirst().evidence())
        .contains(
            "an earlier rule may have let it pass: what connection tracking knew of it is not in"
                + " the recording (--ctstate INVALID)");
  }

  @Test
  void aCounterThatMovedTooLittleDidNotDoItAlone() {
    String rule = "-A INPUT -p udp -j DROP";
    List<Attribution> found =
        iptables(filter("[0:0] " + rule), filter("[2:120] " + rule))
            .of(new Firewall(), "ip.input", "eth0", DNS, 5);
    assertThat(found).extracting(Attribution::confidence).containsExactly(Confidence.LOW);
    assertThat(found.getFirst().evidence())
        .contains("its counter went from 0 to 2 packets, less than the 5 drops of this kind");
  }

  @Test
  void aRuleAddedWhileRecordingSaysSo() {
    String rule = "-A INPUT -p udp -j DROP";
    List<Attribution> found =
        iptables(filter(), filter("[2:120] " + rule)).of("ip.input", "eth0", DNS);
    assertThat(texts(found)).containsExactly(rule);
    assertThat(found.getFirst().counterDelta()).isEqualTo(2);
    assertThat(found.getFirst().evidence())
        .contains("it was added while recording: only the snapshot after it has it");
  }

  @Test
  void aRuleTakenOutWhileRecordingIsPossible() {
    List<Attribution> found =
        iptables(filter("[7:420] -A INPUT -p udp -j DROP"), filter()).of("ip.input", "eth0", DNS);
    assertThat(found).extracting(Attribution::confidence).containsExactly(Confidence.LOW);
    assertThat(found.getFirst().counterDelta()).isNull();
  }

  @Test
  void aPartThatFailedIsNotOneWithoutRules() {
    String rule = filter("[5003:300180] -A INPUT -p udp -j DROP");
    for (Phase failed : List.of(Phase.BEFORE, Phase.AFTER)) {
      List<Attribution> found =
          new Snapshots()
              .always("ip6tables-legacy", filter())
              .failed("iptables-legacy", failed)
              .add("iptables-legacy", failed == Phase.AFTER ? Phase.BEFORE : Phase.AFTER, rule)
              .of("ip.input", "eth0", DNS);
      assertThat(texts(found)).containsExactly("-A INPUT -p udp -j DROP");
      assertThat(found.getFirst().confidence()).isEqualTo(Confidence.MEDIUM);
      assertThat(found.getFirst().counterDelta()).isNull();
      assertThat(found.getFirst().evidence())
          .contains(
              "the other snapshot is missing or not whole, so how far its counter moved is not"
                  + " known");
    }
  }

  @Test
  void whatIsBehindTheEndOfACutTextWasPerhapsThere() {
    String rule = "[9:540] -A INPUT -p udp -j DROP";
    String text = filter("[1:60] -A INPUT -p tcp -j DROP", rule);
    String cut = text.substring(0, text.indexOf(" -p udp"));
    for (Snapshots both :
        List.of(
            new Snapshots().cut("iptables-legacy", Phase.AFTER, cut),
            new Snapshots().after("iptables-legacy", cut))) {
      both.before("iptables-legacy", text);
      List<Attribution> found = both.of("ip.input", "eth0", DNS);
      assertThat(texts(found)).containsExactly("-A INPUT -p udp -j DROP");
      assertThat(found.getFirst().confidence()).isEqualTo(Confidence.MEDIUM);
    }
  }

  @Test
  void aSetThatIsCutRulesNothingOut() {
    String rule = "-A INPUT -m set --match-set bad src -j DROP";
    List<Attribution> found =
        iptables(filter("[0:0] " + rule), filter("[1:60] " + rule))
            .cut("ipset", Phase.BEFORE, "create bad hash:ip family inet\nadd bad 10.9.9.9\n")
            .of("ip.input", "eth0", DNS);
    assertThat(texts(found)).containsExactly(rule);
    assertThat(found.getFirst().confidence()).isEqualTo(Confidence.MEDIUM);
  }

  @Test
  void onlyTheEngineThatFreedThePacketIsAsked() {
    String rule = "-A INPUT -p udp -j DROP";
    String nft =
        "{\"nftables\": [{\"table\": {\"family\": \"ip\", \"name\": \"t\", \"handle\": 1}},"
            + "{\"chain\": {\"family\": \"ip\", \"table\": \"t\", \"name\": \"in\", \"handle\": 1,"
            + " \"type\": \"filter\", \"hook\": \"input\", \"prio\": -1, \"policy\": \"accept\"}},"
            + "{\"rule\": {\"family\": \"ip\", \"table\": \"t\", \"chain\": \"in\", \"handle\": 7,"
            + " \"expr\": [{\"drop\": null}]}}]}";
    Box box = iptables(filter("[0:0] " + rule), filter("[1:60] " + rule)).always("nft", nft).box();
    assertThat(engines(box, "nft_do_chain", "6.12.1")).containsExactly("drop");
    assertThat(engines(box, "nf_hook_slow", "6.12.1-cloud")).containsExactly(rule);
    assertThat(engines(box, "nf_hook_slow", "6.1.0")).containsExactly("drop");
    assertThat(engines(box, "nf_hook_slow", null)).containsExactly("drop");
  }

  private static List<String> engines(Box box, String function, @Nullable String release) {
    DropCase drop = Snapshots.drop(box, Snapshots.NETNS, "netfilter.ip.input", "eth0", DNS, 1);
    return texts(new Firewall().attribute(Snapshots.freedIn(function, release, drop)));
  }

  @Test
  void oneSnapshotAloneTellsWhatNeverCounted() {
    List<Attribution> found =
        new Snapshots()
            .after(
                "iptables-legacy",
                filter(
                    "[0:0] -A INPUT -p udp -m udp --sport 4000 -j DROP",
                    "[9:540] -A INPUT -p udp -j DROP"))
            .of("ip.input", "eth0", DNS);
    assertThat(texts(found)).containsExactly("-A INPUT -p udp -j DROP");
    assertThat(found.getFirst().confidence()).isEqualTo(Confidence.MEDIUM);
  }

  @Test
  void aCountOfNothingWhenRecordingBeganRulesNothingOut() {
    List<Attribution> found =
        new Snapshots()
            .before("iptables-legacy", filter("[0:0] -A INPUT -p udp -j DROP"))
            .of("ip.input", "eth0", DNS);
    assertThat(texts(found)).containsExactly("-A INPUT -p udp -j DROP");
    assertThat(found.getFirst().confidence()).isEqualTo(Confidence.MEDIUM);
    assertThat(found.getFirst().counterDelta()).isNull();
  }

  @Test
  void whatMovedBetweenTwoRecordingsProvesNothing() {
    String rule = "-A INPUT -p udp -j DROP";
    String still = "-A INPUT -p udp -m udp --sport 4000 -j DROP";
    List<Attribution> found =
        new Snapshots()
            .before("iptables-legacy", filter("[0:0] " + still, "[0:0] " + rule))
            .after("iptables-legacy", filter("[0:0] " + still, "[0:0] " + rule))
            .before("iptables-legacy", filter("[0:0] " + still, "[9:540] " + rule))
            .after("iptables-legacy", filter("[0:0] " + still, "[9:540] " + rule))
            .of("ip.input", "eth0", DNS);
    assertThat(texts(found)).containsExactly(rule);
    assertThat(found.getFirst().confidence()).isEqualTo(Confidence.MEDIUM);
    assertThat(found.getFirst().counterDelta()).isNull();
  }

  @Test
  void aSnapshotTakenWhenTheNamespaceWasMetCounts() {
    String rule = "-A INPUT -p udp -j DROP";
    List<Attribution> found =
        new Snapshots()
            .add("iptables-legacy", Phase.DURING, filter("[1:60] " + rule))
            .after("iptables-legacy", filter("[3:180] " + rule))
            .of("ip.input", "eth0", DNS);
    assertThat(found).extracting(Attribution::counterDelta).containsExactly(2L);
  }

  @Test
  void packetsArePossiblyDroppedByAQueue() {
    String rule = "-A INPUT -p udp -j NFQUEUE --queue-num 3";
    List<Attribution> found =
        iptables(filter("[0:0] " + rule), filter("[1:60] " + rule)).of("ip.input", "eth0", DNS);
    assertThat(texts(found)).containsExactly(rule);
    assertThat(found.getFirst().confidence()).isEqualTo(Confidence.MEDIUM);
    assertThat(found.getFirst().evidence())
        .contains("a program decides about what is queued; without one it is dropped");
  }

  @Test
  void theMarkIsKnownOnlyWhereThePacketEnds() {
    String mark = "[1:60] -A INPUT -j MARK --set-xmark 0x5/0xffffffff";
    String rules =
        filter(
            "[1:60] -A INPUT -m mark --mark 0x5 -j RETURN",
            mark,
            "[%s] -A INPUT -m mark --mark 0x5 -j DROP");
    List<Attribution> found =
        iptables(rules.formatted("0:0"), rules.formatted("1:60"))
            .of("ip.input", "eth0", Packets.marked(DNS, 5));
    assertThat(texts(found)).containsExactly("-A INPUT -m mark --mark 0x5 -j DROP");
  }

  @Test
  void rulesOfNftCountOnlyWhenWrittenSo() {
    String nft =
        "{\"nftables\": [{\"table\": {\"family\": \"ip\", \"name\": \"t\", \"handle\": 1}},"
            + "{\"chain\": {\"family\": \"ip\", \"table\": \"t\", \"name\": \"in\", \"handle\": 1,"
            + " \"type\": \"filter\", \"hook\": \"input\", \"prio\": 0, \"policy\": \"accept\"}},"
            + "{\"rule\": {\"family\": \"ip\", \"table\": \"t\", \"chain\": \"in\", \"handle\": 7,"
            + " \"expr\": [{\"match\": {\"op\": \"==\", \"left\": {\"payload\": {\"protocol\":"
            + " \"udp\", \"field\": \"dport\"}}, \"right\": 53}}, {\"drop\": null}]}}]}";
    List<Attribution> found = new Snapshots().always("nft", nft).of("ip.input", "eth0", DNS);
    assertThat(texts(found)).containsExactly("udp dport 53 drop");
    Attribution did = found.getFirst();
    assertThat(did.confidence()).isEqualTo(Confidence.MEDIUM);
    assertThat(did.table()).isEqualTo("ip t");
    assertThat(did.handle()).isEqualTo("handle 7");
    assertThat(did.evidence()).contains("the rule has no counter that would prove it");
    assertThat(did.commands())
        .extracting(NextStep::command)
        .containsExactly("nft -a list chain ip t in", "nft delete rule ip t in handle 7");
  }

  @Test
  void whatIptablesMadeOfNftIsNamedOnce() throws Exception {
    String text = Snapshots.text("iptables-nft.txt").replace("[0:0] -A", "[1:60] -A");
    List<Attribution> found =
        new Snapshots()
            .before("iptables-nft", Snapshots.text("iptables-nft.txt"))
            .always("nft", Snapshots.text("nft-of-iptables.json"))
            .after("iptables-nft", text)
            .of("ip.prerouting", "eth0", Packets.udp("10.1.0.2", "10.2.0.2", 4000, 9));
    assertThat(texts(found)).containsExactly("-A PREROUTING -p udp -m udp --dport 9 -j DROP");
    assertThat(found.getFirst().commands().getFirst().command())
        .isEqualTo("iptables-nft -t raw -L PREROUTING -v -n --line-numbers");
  }

  @Test
  void aBridgedPacketGoesThroughRulesOfItsFamily() {
    String rule = "-A FORWARD -p udp -m udp --dport 53 -j DROP";
    assertThat(
            texts(
                iptables(filter("[0:0] " + rule), filter("[1:60] " + rule))
                    .of("bridge-netfilter.forward", "p2", DNS)))
        .containsExactly(rule);
  }

  @Test
  void aFrameIsDroppedByEbtables() {
    String rules =
        """
        *filter
        :FORWARD ACCEPT
        [0:0] -A FORWARD -p IPv4 -o p1 -j DROP
        [%s] -A FORWARD -p IPv4 --ip-proto udp --ip-dport 53 -j DROP
        """;
    List<Attribution> found =
        new Snapshots()
            .before("ebtables-nft", rules.formatted("0:0"))
            .after("ebtables-nft", rules.formatted("1:60"))
            .of("bridge.forward", "p2", DNS);
    assertThat(texts(found))
        .containsExactly("-A FORWARD -p IPv4 --ip-proto udp --ip-dport 53 -j DROP");
    assertThat(found.getFirst().commands())
        .extracting(NextStep::command)
        .containsExactly(
            "ebtables-nft -t filter -L FORWARD --Lc --Ln", "ebtables-nft -t filter -D FORWARD 2");
  }

  @Test
  void namesAreQuotedForAShell() {
    String rule = "-A ;reboot -j DROP";
    List<Attribution> found =
        iptables(
                filter("[0:0] -A INPUT -j ;reboot", "[0:0] " + rule),
                filter("[1:60] -A INPUT -j ;reboot", "[1:60] " + rule))
            .of("ip.input", "eth0", DNS);
    assertThat(found.getFirst().commands().getLast().command())
        .isEqualTo("iptables-legacy -t filter -D ';reboot' 1");
  }

  @Test
  void otherClassesAreNotAsked() {
    Snapshots snapshots = iptables(filter("[0:0] -A INPUT -j DROP"), filter());
    assertThat(
            new Firewall()
                .attribute(
                    Snapshots.drop(
                        snapshots.box(), Snapshots.NETNS, "socket.none", "eth0", DNS, 1)))
        .isEmpty();
    assertThat(new Snapshots().of("ip.input", "eth0", DNS)).isEmpty();
  }
}
