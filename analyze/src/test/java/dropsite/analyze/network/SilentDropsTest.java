package dropsite.analyze.network;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.box.Box;
import dropsite.analyze.classify.CommandTemplate;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.input.EventFacts;
import dropsite.capture.host.SnapshotPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Counters that moved, and what of them the recording saw. */
final class SilentDropsTest {
  private static final long NETNS = Parts.NETNS;

  @Test
  void whatMovedIsTold() {
    Parts parts =
        new Parts()
            .before("netstat", "TcpExt: ListenOverflows ListenDrops\nTcpExt: 5 7\n")
            .after("netstat", "TcpExt: ListenOverflows ListenDrops\nTcpExt: 8 12\n");
    List<SilentDrop> found = SilentDrops.of(parts.box(), List.of(), 0L, null);
    assertThat(found).extracting(SilentDrop::count).containsExactly(3L, 2L);
    assertThat(found)
        .extracting(drop -> drop.classification().classId())
        .containsOnly("silent.listen-overflow");
    assertThat(found.getFirst().classification().evidence())
        .contains(
            "TcpExtListenOverflows moved from 5 to 8", "TcpExtListenDrops moved from 7 to 12");
    assertThat(found.getFirst().afterNanos()).isGreaterThan(found.getFirst().beforeNanos());
  }

  @Test
  void whatWasFreedIsTakenOff() {
    Parts parts =
        new Parts()
            .before("netstat", "TcpExt: ListenOverflows ListenDrops\nTcpExt: 0 0\n")
            .after("netstat", "TcpExt: ListenOverflows ListenDrops\nTcpExt: 3 3\n");
    assertThat(
            SilentDrops.of(
                parts.box(), List.of(freed("socket.listen-overflow", null, 2)), 0L, null))
        .singleElement()
        .satisfies(drop -> {
          assertThat(drop.count()).isEqualTo(1);
          assertThat(drop.classification().evidence())
              .contains(
                  "the recording holds 2 freed packets that it counts too: they are taken off");
        });
    assertThat(
            SilentDrops.of(
                parts.box(), List.of(freed("socket.listen-overflow", null, 3)), 0L, null))
        .isEmpty();
  }

  @Test
  void packetsOfOthersThatFoundNoRouteAreNotTakenOff() {
    Parts parts =
        new Parts()
            .before("snmp", "Ip: OutNoRoutes\nIp: 0\n")
            .after("snmp", "Ip: OutNoRoutes\nIp: 2\n")
            .before("netstat", "IpExt: InNoRoutes\nIpExt: 0\n")
            .after("netstat", "IpExt: InNoRoutes\nIpExt: 9\n");
    assertThat(SilentDrops.of(parts.box(), List.of(freed("route.none", "r0", 9)), 0L, null))
        .extracting(SilentDrop::count)
        .containsExactly(2L);
  }

  @Test
  void countersOfCardsAreTold() {
    String card = "NIC statistics:\n     rx_missed: %d\n     rx_packets: %d\n     tx_drops: 4\n";
    Parts parts =
        new Parts()
            .before("ip-link", link(0, 0L))
            .after("ip-link", link(0, 0L))
            .before("ethtool -S e0", card.formatted(1, 10))
            .after("ethtool -S e0", card.formatted(6, 99));
    assertThat(SilentDrops.of(parts.box(), List.of(), 0L, null))
        .singleElement()
        .satisfies(drop -> {
          assertThat(drop.counter()).isEqualTo("rx_missed");
          assertThat(drop.interfaceName()).isEqualTo("e0");
          assertThat(drop.classification().next())
              .extracting(step -> step.command())
              .contains("ethtool -S {interface}");
        });
    parts.after("ip-link", link(5, 0L));
    assertThat(SilentDrops.of(parts.box(), List.of(), 0L, null))
        .as("the same packets, counted by the device too")
        .extracting(SilentDrop::counter)
        .containsExactly("rx.dropped");
  }

  @Test
  void devicesNamedLikeTemplatesStayOneWordOfTheShell() {
    String name = ";id;{interface}";
    Parts parts =
        new Parts()
            .before("ip-link", link(0, 0).replace("e0", name))
            .after("ip-link", link(3, 0).replace("e0", name));
    SilentDrop drop = SilentDrops.of(parts.box(), List.of(), 0L, null).getFirst();
    CommandTemplate commands =
        new CommandTemplate(EventFacts.ofDevice(drop.interfaceName(), NETNS), Box.UNKNOWN);
    assertThat(drop.classification().filled(commands).next())
        .extracting(step -> step.command())
        .contains("ip -s -d link show dev ';id;{interface}'");
  }

  @Test
  void whatASoftwareDeviceFreedOrItsPeerIsNotSilent() {
    Parts parts = new Parts().before("ip-link", link(0, 0L)).after("ip-link", link(3, 17));
    assertThat(
            SilentDrops.of(
                parts.box(),
                List.of(
                    freed("protocol.unhandled", "e0", 3),
                    new FreedPackets("cpu.backlog", NETNS + 1, "peer", 17)),
                0L,
                null))
        .isEmpty();
    assertThat(
            SilentDrops.of(parts.box(), List.of(freed("protocol.unhandled", "other", 3)), 0L, null))
        .extracting(SilentDrop::count)
        .containsExactly(17L, 3L);
  }

  @Test
  void countersThatWentBackOrAreMissingSayNothing() {
    Parts parts =
        new Parts()
            .before("xfrm_stat", "XfrmOutPolBlock 9\n")
            .after("xfrm_stat", "XfrmOutPolBlock 2\n")
            .after("snmp", "Ip: OutNoRoutes\nIp: 2\n");
    assertThat(SilentDrops.of(parts.box(), List.of(), 0L, null)).isEmpty();
  }

  @Test
  void packetsThatTheRecordingDoesNotHoldMayBeWhatACounterCounts() {
    Parts parts =
        new Parts()
            .before("snmp", "Ip: OutNoRoutes\nIp: 0\n")
            .after("snmp", "Ip: OutNoRoutes\nIp: 9\n");
    assertThat(SilentDrops.of(parts.box(), List.of(), 7L, null).getFirst().classification())
        .satisfies(some -> {
          assertThat(some.confidence()).isEqualTo(Confidence.MEDIUM);
          assertThat(some.evidence()).anyMatch(each -> each.startsWith("7 dropped packets may"));
        });
    assertThat(
            SilentDrops.of(parts.box(), List.of(), 9L, null)
                .getFirst()
                .classification()
                .confidence())
        .as("it may be all of them")
        .isEqualTo(Confidence.LOW);
    assertThat(SilentDrops.of(parts.box(), List.of(), null, null).getFirst().classification())
        .satisfies(unknown -> {
          assertThat(unknown.confidence()).isEqualTo(Confidence.LOW);
          assertThat(unknown.evidence()).anyMatch(each -> each.startsWith("an unknown number of"));
        });
  }

  @Test
  void softwareDevicesTellNothingThatMayBeInAnotherFile() {
    Parts parts = new Parts().before("ip-link", link(0, 0)).after("ip-link", link(0, 17));
    assertThat(SilentDrops.of(parts.box(), List.of(), 16L, null)).hasSize(1);
    assertThat(SilentDrops.of(parts.box(), List.of(), 17L, null)).isEmpty();
    assertThat(SilentDrops.of(parts.box(), List.of(), null, null)).isEmpty();
  }

  @Test
  void bondsDoNotTellAgainWhatTheirPortsTell() {
    String links =
        """
        [{"ifname": "e0", "flags": ["SLAVE"], "master": "bond0", "parentbus": "pci",
          "stats64": {"rx": {"dropped": %d}}},
         {"ifname": "bond0", "flags": ["MASTER"], "stats64": {"rx": {"dropped": %d}}}]
        """;
    Parts parts =
        new Parts()
            .before("ip-link", links.formatted(1, 1))
            .after("ip-link", links.formatted(101, 101));
    assertThat(SilentDrops.of(parts.box(), List.of(), 0L, null))
        .extracting(SilentDrop::interfaceName)
        .containsExactly("e0");
    parts.after("ip-link", links.formatted(101, 104));
    assertThat(SilentDrops.of(parts.box(), List.of(), 0L, null))
        .extracting(SilentDrop::count)
        .containsExactly(100L, 3L);
  }

  @Test
  void packetsDroppedWhileCountersWereReadAreNotSilent() {
    Parts parts = new Parts().before("ip-link", link(0, 0)).after("ip-link", link(0, 17));
    List<FreedPackets> freed = List.of(freed("qdisc", "e0", 12));
    long counted =
        SilentDrops.of(parts.box(), List.of(), 0L, null).getFirst().afterNanos()
            - SilentDrops.of(parts.box(), List.of(), 0L, null).getFirst().beforeNanos();
    assertThat(SilentDrops.of(parts.box(), freed, 0L, counted)).hasSize(1);
    assertThat(SilentDrops.of(parts.box(), freed, 0L, counted / 2)).isEmpty();
  }

  @Test
  void whatMovedBetweenTwoRecordingsIsNotSilent() {
    Parts parts =
        new Parts()
            .before("snmp", "Ip: OutNoRoutes\nIp: 0\n")
            .after("snmp", "Ip: OutNoRoutes\nIp: 2\n");
    List<SnapshotPart> taken = new ArrayList<>(parts.box().parts());
    SnapshotPart first = taken.getFirst();
    taken.add(
        new SnapshotPart(
            first.name(), first.phase(), NETNS, 5000, first.origin(), first.bytes(), false, ""));
    Box box = new Box("", "", "", "", "", Map.of(), taken);
    assertThat(box.hasGaps()).isTrue();
    assertThat(SilentDrops.of(box, List.of(), 0L, null)).isEmpty();
    assertThat(SilentDrops.of(parts.box().and(parts.box()), List.of(), 0L, null))
        .as("files of one recording repeat what was before")
        .hasSize(1);
  }

  private static FreedPackets freed(String classId, @Nullable String device, long count) {
    return new FreedPackets(classId, NETNS, device, count);
  }

  private static String link(long received, long sent) {
    return "[{\"ifname\":\"e0\",\"flags\":[\"UP\",\"LOWER_UP\"],\"stats64\":{\"rx\":{\"dropped\":"
        + received
        + "},\"tx\":{\"dropped\":"
        + sent
        + "}}}]";
  }
}
