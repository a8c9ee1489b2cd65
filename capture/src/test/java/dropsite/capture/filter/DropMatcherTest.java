package dropsite.capture.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropEvent;
import dropsite.capture.DropFilter;
import dropsite.capture.DropFilter.Prefix;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DropMatcherTest {
  private static final String SOURCE_6 = "fd000000000000000000000000000001";
  private static final String TARGET_6 = "fd000000000000000000000000000002";
  private static final byte[] TCP_4 =
      bytes("450000280000400040060000 0a000001 0a000102 1f90 01bb 0000000000000000");

  @Test
  void everyListHasToAgree() {
    DropFilter filter =
        new DropFilter(
            List.of("curl"),
            List.of(7),
            List.of(99L),
            List.of("eth0"),
            List.of(0x0800),
            List.of(6),
            List.of(prefix("10.0.0.0", 24)),
            List.of(443),
            List.of(12),
            null);
    assertThat(matches(filter, event("curl", 7, 99, "eth0", 0x0800, TCP_4, 12))).isTrue();
    assertThat(matches(filter, event("wget", 7, 99, "eth0", 0x0800, TCP_4, 12))).isFalse();
    assertThat(matches(filter, event("curl", 8, 99, "eth0", 0x0800, TCP_4, 12))).isFalse();
    assertThat(matches(filter, event("curl", 7, 98, "eth0", 0x0800, TCP_4, 12))).isFalse();
    assertThat(matches(filter, event("curl", 7, 99, "eth1", 0x0800, TCP_4, 12))).isFalse();
    assertThat(matches(filter, event("curl", 7, 99, "eth0", 0x86dd, TCP_4, 12))).isFalse();
    assertThat(matches(filter, event("curl", 7, 99, "eth0", 0x0800, TCP_4, 11))).isFalse();
    assertThat(matches(filter, event("curl", 7, 99, "eth0", 0x0800, new byte[0], 12))).isFalse();
  }

  @Test
  void oneMemberOfAListIsEnough() {
    assertThat(passes(ports(80, 8080), TCP_4)).isTrue();
    assertThat(passes(protocols(17, 6), TCP_4)).isTrue();
    assertThat(passes(protocols(17, 58), TCP_4)).isFalse();
  }

  @Test
  void sourceAndDestinationCountForAddressesAndPorts() {
    assertThat(passes(ports(8080), TCP_4)).isTrue();
    assertThat(passes(ports(443), TCP_4)).isTrue();
    assertThat(passes(ports(444), TCP_4)).isFalse();
    assertThat(passes(addresses("10.0.0.1", 32), TCP_4)).isTrue();
    assertThat(passes(addresses("10.0.1.2", 32), TCP_4)).isTrue();
    assertThat(passes(addresses("10.0.1.0", 31), TCP_4)).isFalse();
    assertThat(passes(addresses("10.0.1.0", 30), TCP_4)).isTrue();
    assertThat(passes(addresses("0.0.0.0", 0), TCP_4)).isTrue();
    assertThat(passes(addresses("::", 0), TCP_4)).isFalse();
  }

  @Test
  void transportIsFoundBehindOptionsOfIpv4() {
    byte[] packet = bytes("460000280000400040110000 0a000001 0a000102 94040000 0035 01bb 00000000");
    assertThat(passes(ports(53), packet)).isTrue();
  }

  @Test
  void onlyFirstFragmentsHavePorts() {
    byte[] first = bytes("450000280000200040110000 0a000001 0a000102 0035 01bb 00000000");
    byte[] later = bytes("450000280000200140110000 0a000001 0a000102 0035 01bb 00000000");
    assertThat(passes(ports(53), first)).isTrue();
    assertThat(passes(ports(53), later)).isFalse();
    assertThat(passes(protocols(17), later)).isTrue();
  }

  @Test
  void transportIsFoundBehindExtensionHeadersOfIpv6() {
    // Hop-by-hop options of 16 bytes, authentication of 12 bytes, first fragment, UDP.
    byte[] packet =
        ipv6(
            0,
            "3301 000000000000 0000000000000000"
                + "2c01 0000 00000000 00000000"
                + "1100 0001 00000001"
                + "0035 01bb 00080000");
    assertThat(passes(ports(53), packet)).isTrue();
    assertThat(passes(protocols(17), packet)).isTrue();
    assertThat(passes(protocols(0), packet)).isFalse();
    assertThat(passes(addresses("fd00::2", 128), packet)).isTrue();
    assertThat(passes(addresses("fd00::3", 128), packet)).isFalse();
  }

  @Test
  void laterFragmentsOfIpv6HaveAProtocolButNoPorts() {
    byte[] packet = ipv6(44, "1100 0009 00000001 0035 01bb 00080000");
    assertThat(passes(protocols(17), packet)).isTrue();
    assertThat(passes(ports(53), packet)).isFalse();
  }

  @Test
  void packetsCutBeforeTheirPortsDoNotMatch() {
    byte[] cut = Arrays.copyOf(TCP_4, 23);
    assertThat(passes(ports(8080), cut)).isFalse();
    assertThat(passes(protocols(6), cut)).isTrue();
    assertThat(passes(protocols(6), Arrays.copyOf(TCP_4, 19))).isFalse();
    assertThat(passes(ports(1), ipv6(60, "11"))).isFalse();
  }

  @Test
  void packetsOfOtherProtocolsAreNotTakenForIp() {
    DropEvent.Packet arp =
        new DropEvent.Packet(0x0806, 0, 0, 0, -1, new byte[0], TCP_4, TCP_4.length);
    assertThat(TransportHeader.find(arp)).isNull();
  }

  @Test
  void protocolsWithoutPortsMatchNone() {
    byte[] icmp = bytes("450000280000400040010000 0a000001 0a000102 0800 0035 00000000");
    assertThat(passes(ports(0x35, 0x800), icmp)).isFalse();
  }

  @Test
  void theExpressionSeesHowLongThePacketWas() {
    CbpfProgram longerThan100 =
        CbpfProgram.parse(List.of("3", "128 0 0 0", "37 0 0 100", "22 0 0 0"));
    DropMatcher matcher = new DropMatcher(DropFilter.ALL, longerThan100);
    assertThat(matcher.matches(event("", 0, 0, "", 0x0800, TCP_4, 2))).isTrue();
    CbpfProgram never = CbpfProgram.parse(List.of("1", "6 0 0 0"));
    assertThat(new DropMatcher(DropFilter.ALL, never).matches(event("", 0, 0, "", 0, TCP_4, 2)))
        .isFalse();
  }

  @Test
  void filtersSayWhatTheyNeed() {
    assertThat(DropMatcher.needsBytes(ports(1))).isTrue();
    assertThat(DropMatcher.needsBytes(DropFilter.ALL)).isFalse();
    assertThat(DropMatcher.needsDevice(DropFilter.ALL)).isFalse();
  }

  private static boolean passes(DropFilter filter, byte[] packet) {
    int protocol = packet[0] >> 4 == 6 ? 0x86dd : 0x0800;
    return matches(filter, event("", 0, 0, "", protocol, packet, 2));
  }

  private static boolean matches(DropFilter filter, DropEvent event) {
    return new DropMatcher(filter, null).matches(event);
  }

  private static DropEvent event(
      String comm, int pid, long netns, String device, int protocol, byte[] packet, int reason) {
    return new DropEvent(
        0,
        0,
        false,
        1,
        2,
        reason,
        new long[0],
        false,
        new DropEvent.Task(pid, pid, comm, 0, false),
        new DropEvent.Device(1, device, 1, netns, 0),
        DropEvent.Socket.NONE,
        new DropEvent.Packet(protocol, 0, 0, 0, -1, new byte[0], packet, packet.length + 1000L));
  }

  private static DropFilter ports(Integer... ports) {
    return filter(List.of(), List.of(), List.of(ports));
  }

  private static DropFilter protocols(Integer... protocols) {
    return filter(List.of(protocols), List.of(), List.of());
  }

  private static DropFilter addresses(String address, int bits) {
    return filter(List.of(), List.of(prefix(address, bits)), List.of());
  }

  private static DropFilter filter(
      List<Integer> protocols, List<Prefix> addresses, List<Integer> ports) {
    return new DropFilter(
        List.of(), List.of(), List.of(), List.of(), List.of(), protocols, addresses, ports,
        List.of(), null);
  }

  private static Prefix prefix(String address, int bits) {
    return new Prefix(InetAddress.ofLiteral(address), bits);
  }

  private static byte[] ipv6(int next, String behind) {
    return bytes("60000000 0000 %02x 40".formatted(next) + SOURCE_6 + TARGET_6 + behind);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
