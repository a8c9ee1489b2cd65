package dropsite.analyze.network;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.DropCase;
import dropsite.analyze.box.Box;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.input.EventFacts;
import dropsite.capture.DropEvent;
import dropsite.capture.host.SnapshotPart.Phase;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said when snapshots differ, lack something, or are made to harm. */
final class NetworkAttributorTest {
  private static final String BLACKHOLE =
      "[{\"type\":\"blackhole\",\"dst\":\"10.98.0.0/16\",\"flags\":[]}]";
  private static final String RULES = "[{\"priority\":0,\"src\":\"all\",\"table\":\"main\"}]";
  private static final String LINKS = "[{\"ifname\":\"r0\",\"flags\":[\"UP\",\"LOWER_UP\"]}]";

  /** UDP 10.1.0.2:40000 to 10.98.0.1:53. */
  private static final byte[] PACKET =
      HexFormat.of()
          .parseHex("4500001c0001000040110000" + "0a010002" + "0a620001" + "9c40003500080000");

  @Test
  void whatStandsAtBothEndsIsMoreCertain() {
    Parts both =
        new Parts().same("ip-link", LINKS).same("ip-rule", RULES).same("ip-route", BLACKHOLE);
    assertThat(attribute("route.rejected", both.box()))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.text()).isEqualTo("blackhole 10.98.0.0/16");
          assertThat(found.confidence()).isEqualTo(Confidence.HIGH);
          assertThat(found.commands())
              .extracting(NextStep::command)
              .contains("ip route del blackhole 10.98.0.0/16 table main");
        });
    Parts gone =
        new Parts()
            .same("ip-link", LINKS)
            .same("ip-rule", RULES)
            .before("ip-route", BLACKHOLE)
            .after("ip-route", "[{\"dst\":\"default\",\"dev\":\"r1\"}]");
    assertThat(attribute("route.rejected", gone.box()))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.confidence()).isEqualTo(Confidence.MEDIUM);
          assertThat(found.evidence()).contains("so it was before the recording, but not after it");
        });
    Parts failed =
        new Parts()
            .same("ip-link", LINKS)
            .same("ip-rule", RULES)
            .before("ip-route", BLACKHOLE)
            .failed("ip-route", Phase.AFTER);
    assertThat(attribute("route.rejected", failed.box()))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.confidence()).isEqualTo(Confidence.MEDIUM);
          assertThat(found.evidence())
              .contains("so it was before the recording, and the snapshot after it is not whole");
        });
  }

  @Test
  void whatAFilterDroppedSinceEverIsNoMovement() {
    String filter =
        "[{\"protocol\":\"ip\",\"pref\":10,\"kind\":\"matchall\",\"options\":{\"handle\":1,"
            + "\"actions\":[{\"kind\":\"gact\",\"control_action\":{\"type\":\"drop\"},"
            + "\"stats\":{\"drops\":5003}}]}}]";
    Parts parts =
        new Parts()
            .same("ip-link", LINKS)
            .failed("tc-filter", Phase.BEFORE)
            .after("tc-filter", filter);
    assertThat(attribute("tc.ingress", parts.box())).isEmpty();
    assertThat(
            attribute(
                "tc.ingress",
                new Parts()
                    .same("ip-link", LINKS)
                    .before("tc-filter", filter.replace("5003", "5000"))
                    .after("tc-filter", filter)
                    .box()))
        .extracting(Attribution::counterDelta)
        .containsExactly(3L);
  }

  @Test
  void whatDoesNotExplainIsNotNamed() {
    Parts parts =
        new Parts()
            .same("ip-link", LINKS)
            .same("ip-rule", RULES)
            .same("ip-route", "[{\"dst\":\"default\",\"dev\":\"r1\"}]")
            .same("sysctl", "net/ipv4/conf/r0/rp_filter = 0\nnet/ipv4/conf/r0/forwarding = 1\n");
    for (String classId :
        List.of(
            "route.rejected",
            "route.none",
            "route.rp-filter",
            "route.forwarding-off",
            "mtu",
            "route.martian",
            "qdisc",
            "tc.ingress",
            "neighbour.failed",
            "netfilter.ip.prerouting",
            "cpu.backlog",
            "benign.socket-close",
            "unknown")) {
      assertThat(attribute(classId, parts.box())).as(classId).isEmpty();
    }
  }

  @Test
  void ofQueuesThatSitOnAnotherTheOneThatDroppedIsNamed() {
    String qdiscs =
        "[{\"kind\":\"htb\",\"handle\":\"1:\",\"dev\":\"r0\",\"root\":true,\"drops\":%1$d},"
            + "{\"kind\":\"pfifo\",\"handle\":\"2:\",\"dev\":\"r0\",\"parent\":\"1:1\",\"drops\":%1$d},"
            + "{\"kind\":\"pfifo\",\"handle\":\"3:\",\"dev\":\"r0\",\"parent\":\"1:2\",\"drops\":9},"
            + "{\"kind\":\"pfifo\",\"handle\":\"2:\",\"dev\":\"r1\",\"root\":true,\"drops\":%1$d}]";
    Parts parts =
        new Parts().before("tc-qdisc", qdiscs.formatted(1)).after("tc-qdisc", qdiscs.formatted(4));
    assertThat(attribute("qdisc", parts.box()))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.text()).isEqualTo("qdisc pfifo 2: dev r0 parent 1:1");
          assertThat(found.counterDelta()).isEqualTo(3);
        });
  }

  @Test
  void thatThereIsNoRouteDoesNotExplainOneThatRefused() {
    Parts parts = new Parts().same("ip-link", LINKS).same("ip-rule", RULES).same("ip-route", "[]");
    assertThat(attribute("route.rejected", parts.box())).isEmpty();
    assertThat(attribute("route.none", parts.box()))
        .extracting(Attribution::text)
        .containsExactly("no route in tables main");
    Parts cut = new Parts().same("ip-link", LINKS).same("ip-rule", RULES);
    assertThat(attribute("route.none", cut.cut("ip-route", "[{\"dst\":\"10.0.0.0/24\"").box()))
        .isEmpty();
  }

  @Test
  void aChangeOfARouteRepeatsAllButTheMtu() {
    Parts parts =
        new Parts()
            .same("ip-link", LINKS)
            .same("ip-rule", RULES)
            .same(
                "ip-route",
                "[{\"dst\":\"10.98.0.0/24\",\"gateway\":\"10.40.0.9\",\"dev\":\"r0\",\"metric\":5,"
                    + "\"protocol\":\"static\",\"prefsrc\":\"10.40.0.1\",\"flags\":[],"
                    + "\"metrics\":[{\"mtu\":20,\"advmss\":1100}]}]");
    assertThat(attribute("mtu", parts.box()).getFirst().commands())
        .extracting(NextStep::command)
        .contains(
            "ip route change 10.98.0.0/24 table main metric 5 via 10.40.0.9 dev r0 src 10.40.0.1"
                + " proto static advmss 1100 mtu MTU");
  }

  @ParameterizedTest
  @ValueSource(strings = {"vlan", "macvlan", "ipvlan", "bonding", "vxlan", "device"})
  void whatADeviceDropsForOtherReasonsExplainsNothing(String classId) {
    assertThat(attribute(classId, dropping(3, 217).box())).isEmpty();
    assertThat(attribute("device.queue-full", dropping(3, 217).box()))
        .extracting(Attribution::counterDelta)
        .containsExactly(214L);
  }

  private static Parts dropping(long before, long after) {
    String links =
        "[{\"ifname\":\"r0\",\"flags\":[\"UP\",\"LOWER_UP\"],\"txqlen\":500,"
            + "\"stats64\":{\"rx\":{\"dropped\":0},\"tx\":{\"dropped\":%d}}}]";
    return new Parts()
        .before("ip-link", links.formatted(before))
        .after("ip-link", links.formatted(after));
  }

  @Test
  void limitsWhoseValueIsNotKnownToHaveHeldAreLessSure() {
    Parts parts =
        new Parts()
            .same("sysctl", "net/core/netdev_max_backlog = 1000\n")
            .before("softnet_stat", "00000001 00000000 00000000\n")
            .after("softnet_stat", "00000009 00000004 00000000\n");
    assertThat(attribute("cpu.backlog", parts.box()))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.confidence()).isEqualTo(Confidence.MEDIUM);
          assertThat(found.evidence())
              .contains(
                  "the setting was so before the recording and after it; what it was when packets"
                      + " dropped is not recorded");
          // Only the first namespace has this setting.
          assertThat(found.commands()).noneMatch(NextStep::ofNamespace);
        });
  }

  @Test
  void routingIsAskedAsThePacketCame() {
    Parts parts =
        new Parts().same("ip-link", LINKS).same("ip-rule", RULES).same("ip-route", BLACKHOLE);
    assertThat(attribute("route.rejected", parts.box()).getFirst().commands())
        .extracting(NextStep::command)
        .contains("ip route get 10.98.0.1 from 10.1.0.2 iif r0");
    // The way back starts at an address that need not be of this box.
    parts.same("sysctl", "net/ipv4/conf/r0/rp_filter = 1\n");
    assertThat(attribute("route.rp-filter", parts.box()).getLast().commands())
        .extracting(NextStep::command)
        .contains("ip route get 10.1.0.2");
  }

  @Test
  void aProgramIsDetachedFromItsHook() {
    Parts parts =
        new Parts()
            .same(
                "ip-link",
                "[{\"ifname\":\"r0\",\"flags\":[\"UP\"],\"xdp\":{\"attached\":["
                    + "{\"mode\":1,\"prog\":{\"id\":8}},{\"mode\":2,\"prog\":{\"id\":9}}]}}]");
    assertThat(attribute("xdp.generic", parts.box()))
        .singleElement()
        .satisfies(found ->
            assertThat(found.commands())
                .extracting(NextStep::command)
                .contains("ip link set dev r0 xdpgeneric off"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"$(reboot)", "a'b;c", "-x y", "\u001b[31m", "é"})
  void namesFromTheBoxAreQuoted(String name) {
    String links =
        "[{\"ifname\":\""
            + name.replace("\u001b", "\\u001b")
            + "\",\"flags\":[\"UP\",\"NO-CARRIER\"]}]";
    List<Attribution> found =
        attribute("device.down", name, new Parts().same("ip-link", links).box());
    assertThat(found)
        .singleElement()
        .satisfies(each ->
            assertThat(each.commands())
                .extracting(NextStep::command)
                .containsExactly("ip -s link show dev '" + name.replace("'", "'\\''") + "'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "[{}]",
        "[[[[",
        "[{\"dst\":\"x\"}]",
        "not JSON",
        "[{\"priority\":\"x\",\"src\":7}]"
      })
  void brokenPartsAreNoHarm(String text) {
    Parts parts = new Parts();
    for (String part :
        List.of(
            "ip-link",
            "ip-addr",
            "ip-route",
            "ip-rule",
            "ip-neigh",
            "tc-qdisc",
            "tc-filter",
            "sysctl",
            "snmp",
            "netstat",
            "conntrack_stat",
            "softnet_stat",
            "ethtool")) {
      parts.same(part, text);
    }
    for (String classId :
        List.of(
            "route.rejected",
            "route.rp-filter",
            "route.martian",
            "route.ttl",
            "mtu",
            "qdisc",
            "tc.egress",
            "xdp.generic",
            "neighbour.queue-full",
            "netfilter.ip.output",
            "cpu.backlog",
            "device.other",
            "bridge.port",
            "socket.none.udp",
            "socket.rcvbuf",
            "socket.memory")) {
      assertThat(attribute(classId, parts.box())).isNotNull();
    }
    assertThat(SilentDrops.of(parts.box(), List.of(), 0L, null)).isEmpty();
  }

  private static List<Attribution> attribute(String classId, Box box) {
    return attribute(classId, "r0", box);
  }

  private static List<Attribution> attribute(String classId, String device, Box box) {
    DropEvent event =
        new DropEvent(
            1,
            0,
            false,
            1,
            1,
            2,
            new long[] {1},
            false,
            DropEvent.Task.UNKNOWN,
            new DropEvent.Device(
                2,
                new String(device.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1),
                1,
                Parts.NETNS,
                0),
            DropEvent.Socket.NONE,
            new DropEvent.Packet(0x800, 0, 28, 0, -1, new byte[0], PACKET, 28));
    EventFacts facts =
        new EventFacts(
            1L, null, null, device, Parts.NETNS, null, null, null, null, null, null, event);
    Classification classification =
        new Classification(
            null,
            classId,
            Severity.DROP,
            Confidence.HIGH,
            "",
            "",
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return new NetworkAttributor().attribute(new DropCase(classification, null, facts, 1, box));
  }
}
