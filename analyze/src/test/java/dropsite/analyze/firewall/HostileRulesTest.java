package dropsite.analyze.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Confidence;
import dropsite.capture.DropEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rulesets that no kernel would take, and large ones: the work stays bounded. */
final class HostileRulesTest {
  private static final DropEvent.Packet DNS = Packets.udp("10.1.0.2", "10.2.0.2", 4000, 53);

  private static List<Attribution> of(String rules) {
    return new Snapshots().after("iptables-legacy", rules).of("ip.input", "eth0", DNS);
  }

  @Test
  void chainsThatCallEachOther() {
    List<Attribution> found =
        of(
            """
            *filter
            :INPUT DROP [5:300]
            :a -
            :b -
            -A INPUT -j a
            -A a -j b
            -A a -j a
            -A b -j a
            -A b -g b
            COMMIT
            """);
    assertThat(found).extracting(Attribution::text).contains("-P INPUT DROP");
    assertThat(found)
        .allSatisfy(each -> {
          assertThat(each.confidence()).isNotEqualTo(Confidence.HIGH);
          assertThat(each.evidence()).contains("not all rules were read or looked at");
        });
  }

  @Test
  void chainsThatCallTwiceAsManyEach() {
    StringBuilder rules = new StringBuilder("*filter\n:INPUT DROP [5:300]\n-A INPUT -j c0\n");
    for (int i = 0; i < 60; i++) {
      rules.append("-A c%1$d -p udp -j c%2$d\n-A c%1$d -p udp -j c%2$d\n".formatted(i, i + 1));
    }
    Firewall firewall = new Firewall(10_000_000);
    Snapshots snapshots = new Snapshots().after("iptables-legacy", rules + "-A c60 -p tcp\n");
    assertThat(snapshots.of(firewall, "ip.input", "eth0", DNS, 1))
        .allSatisfy(
            each -> assertThat(each.evidence()).contains("not all rules were read or looked at"));
    assertThat(firewall.exhausted()).isFalse();
  }

  @Test
  void workIsBounded() {
    String rules =
        "*filter\n:INPUT ACCEPT [0:0]\n" + "-A INPUT -s 10.9.0.1/32 -j DROP\n".repeat(20_000);
    Firewall firewall = new Firewall(100_000);
    Snapshots snapshots = new Snapshots().after("iptables-legacy", rules);
    var box = snapshots.box();
    for (int i = 0; i < 10; i++) {
      assertThat(
              firewall.attribute(
                  Snapshots.drop(
                      box,
                      Snapshots.NETNS,
                      "netfilter.ip.input",
                      "eth0",
                      Packets.udp("10.1.0.2", "10.2.0.2", i, 53),
                      1)))
          .isEmpty();
    }
    assertThat(firewall.exhausted()).isTrue();
  }

  @Test
  void aRuleOf64KilobytesIsNamedWhole() {
    String comment = "x".repeat(64 << 10);
    String rule = "-A INPUT -p udp -m comment --comment " + comment + " -j DROP";
    List<Attribution> found = of("*filter\n:INPUT ACCEPT [0:0]\n[5:300] " + rule + "\n");
    assertThat(found).extracting(Attribution::text).containsExactly(rule);
  }

  @Test
  void linesThatSayNothing() {
    assertThat(
            of(
                """
                *
                :
                :\s
                -A
                -A\s
                [
                []
                [1:2]
                [1:2] -A
                [99999999999999999999:1] -A INPUT
                *filter
                :INPUT
                -A INPUT !
                -A INPUT ! -j
                -A INPUT -m
                -A INPUT "
                -A INPUT -s
                -A INPUT -m set --match-set
                -A INPUT -p udp -m udp --dport :
                -A INPUT -s 1.2.3.4/999 -j DROP
                -A INPUT -d ::/-1 -j
                \\
                """))
        .extracting(Attribution::confidence)
        .doesNotContain(Confidence.HIGH);
  }

  @Test
  void jsonThatSaysSomethingElse() {
    for (String json :
        List.of(
            "",
            "null",
            "[]",
            "{\"nftables\": [null, 1, \"x\", {}, {\"rule\": null}, {\"chain\": []}]}",
            "{\"nftables\": [{\"rule\": {\"expr\": [{}, null, {\"match\": {}}, {\"vmap\": 1}]}}]}",
            "{\"nftables\": [{\"chain\": {\"family\": \"ip\", \"table\": \"t\", \"name\": \"c\","
                + " \"hook\": \"input\", \"prio\": \"x\", \"policy\": 7}}, {\"rule\": {\"family\":"
                + " \"ip\", \"table\": \"t\", \"chain\": \"c\", \"expr\": [{\"match\": {\"op\":"
                + " \"<\", \"left\": {\"payload\": {\"base\": \"nh\", \"offset\": -5, \"len\":"
                + " 99999}}, \"right\": {\"set\": []}}}, {\"match\": {\"op\": \"<\", \"left\":"
                + " {\"payload\": {\"protocol\": \"tcp\", \"field\": \"dport\"}}, \"right\":"
                + " {\"set\": []}}}, {\"drop\": null}]}}]}",
            "{\"nftables\": " + "[".repeat(5000),
            "{\"nftables\": [{\"rule\": {\"expr\": [{\"match\": {\"left\": "
                + "{\"&\": [".repeat(900)
                + "1")) {
      assertThat(new Snapshots().always("nft", json).of("ip.input", "eth0", DNS))
          .extracting(Attribution::confidence)
          .doesNotContain(Confidence.HIGH);
    }
  }

  @Test
  void largeSetsAreAskedQuickly() {
    StringBuilder sets = new StringBuilder("create big hash:ip,port family inet hashsize 1024\n");
    for (int i = 0; i < 50_000; i++) {
      sets.append("add big 10.%d.%d.7,udp:53\n".formatted(i >> 8, i & 255));
    }
    String rules =
        "*filter\n:INPUT ACCEPT [0:0]\n"
            + "-A INPUT -m set --match-set big src,dst -j DROP\n".repeat(1000);
    Snapshots snapshots =
        new Snapshots().after("ipset", sets.toString()).after("iptables-legacy", rules);
    Firewall firewall = new Firewall(10_000);
    assertThat(snapshots.of(firewall, "ip.input", "eth0", DNS, 1)).isEmpty();
    assertThat(firewall.exhausted()).isFalse();
  }
}
