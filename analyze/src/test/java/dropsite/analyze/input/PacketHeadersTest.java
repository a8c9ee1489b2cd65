package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropEvent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class PacketHeadersTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void tcpOverIpv4() throws UnknownHostException {
    PacketHeaders packet =
        of(
            0x800,
            "020000000002" + "020000000001" + "0800",
            "4510002800014000"
                + "40060000"
                + "c0000201"
                + "c0000202"
                + "0016c350"
                + "00000001000000025002faf000000000");
    assertThat(packet.version()).isEqualTo(4);
    assertThat(packet.trafficClass()).isEqualTo(0x10);
    assertThat(packet.totalLengthBytes()).isEqualTo(40);
    assertThat(packet.dontFragment()).isTrue();
    assertThat(packet.ttl()).isEqualTo(64);
    assertThat(packet.protocol()).isEqualTo(6);
    assertThat(packet.sourcePort()).isEqualTo(22);
    assertThat(packet.destinationPort()).isEqualTo(50000);
    assertThat(packet.tcpFlags()).isEqualTo(2);
    assertThat(packet.macSource()).isEqualTo("02:00:00:00:00:01");
    assertThat(packet.macDestination()).isEqualTo("02:00:00:00:00:02");
    assertThat(packet.source()).isEqualTo(InetAddress.getByName("192.0.2.1"));
    assertThat(packet.icmpType()).isEqualTo(-1);
  }

  @Test
  void laterFragmentHasNoPorts() {
    PacketHeaders packet =
        of(0x800, "", "4500002800012001" + "40110000" + "c0000201" + "c0000202" + "0016c350");
    assertThat(packet.fragmentOffsetBytes()).isEqualTo(8);
    assertThat(packet.moreFragments()).isTrue();
    assertThat(packet.protocol()).isEqualTo(17);
    assertThat(packet.destinationPort()).isEqualTo(-1);
  }

  @Test
  void transportStandsBehindExtensionHeadersOfIpv6() {
    String addresses = "20010db8000000000000000000000001" + "20010db8000000000000000000000002";
    PacketHeaders packet =
        of(0x86dd, "", "6000000000180040" + addresses + "3a00050200000100" + "80000000");
    assertThat(packet.protocol()).isEqualTo(58);
    assertThat(packet.transportOffset()).isEqualTo(48);
    assertThat(packet.icmpType()).isEqualTo(128);
    assertThat(packet.totalLengthBytes()).isEqualTo(64);

    PacketHeaders cut = of(0x86dd, "", "6000000000180040" + addresses + "00ff");
    assertThat(cut.protocol()).isZero();
    assertThat(cut.icmpType()).isEqualTo(-1);
  }

  @Test
  void arpHasItsAddresses() throws UnknownHostException {
    PacketHeaders packet =
        of(
            0x806,
            "",
            "0001080006040001" + "020000000001" + "c0000201" + "000000000000" + "c0000209");
    assertThat(packet.arpOperation()).isEqualTo(1);
    assertThat(packet.source()).isEqualTo(InetAddress.getByName("192.0.2.1"));
    assertThat(packet.destination()).isEqualTo(InetAddress.getByName("192.0.2.9"));
    assertThat(packet.version()).isZero();
  }

  @Test
  void whatIsCutOffIsNotKnown() {
    PacketHeaders packet = of(0x800, "0200", "4500");
    assertThat(packet.version()).isZero();
    assertThat(packet.etherType()).isEqualTo(0x800);
    assertThat(packet.source()).isNull();
    assertThat(packet.macSource()).isNull();
    assertThat(packet.ttl()).isEqualTo(-1);
  }

  /** Events are classified by their headers, once for those that are equal. */
  @Test
  void packetsDifferThatRulesTellApart() {
    String ip = "4500001c0000000001020000c0000201c0000202";
    assertThat(of(0x800, "", ip + "1164ee9b00000000"))
        .isEqualTo(of(0x800, "", ip + "1164ee9b00000000"))
        .isNotEqualTo(of(0x800, "", ip + "1164ee9c00000000"));
  }

  private static PacketHeaders of(int etherType, String mac, String bytes) {
    byte[] packet = HEX.parseHex(bytes);
    return PacketHeaders.of(
        new DropEvent.Packet(etherType, 0, -1, 0, -1, HEX.parseHex(mac), packet, packet.length));
  }
}
