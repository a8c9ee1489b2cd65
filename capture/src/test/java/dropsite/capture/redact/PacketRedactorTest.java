package dropsite.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PacketRedactorTest {
  private static final int IP = 0x0800;
  private static final int IPV6 = 0x86dd;

  private static final String V4_UDP = "4500001c1a2b40004011000cc0000201c6336407";
  private static final String V4_TCP = "450000281a2b40004006000cc0000201c6336407";
  private static final String V4_ICMP = "450000381a2b40004001000cc0000201c6336407";
  private static final String V6 =
      "20010db8000000000000000000000001" + "20010db8000000000000000000000002";
  private static final String SECRET = "53454352455453454352455453454352";

  private final AddressMap addresses = new AddressMap(AddressMapTest.key());
  private final MacMap macs = new MacMap(AddressMapTest.key(), addresses);
  private final PacketRedactor redactor = new PacketRedactor(addresses, macs);

  private byte[] redacted(int ethertype, String hex) {
    return redactor.packet(ethertype, HexFormat.of().parseHex(hex));
  }

  private static String hex(byte[] bytes, int from, int to) {
    return HexFormat.of().formatHex(bytes, from, to);
  }

  private String mapped(String hex) {
    return HexFormat.of().formatHex(addresses.map(HexFormat.of().parseHex(hex)));
  }

  @Test
  void addressesAreMappedAndPayloadIsCut() {
    byte[] packet = redacted(IP, V4_UDP + "0035d4310008aaaa" + SECRET);
    assertThat(hex(packet, 12, 20)).isEqualTo(mapped("c0000201") + mapped("c6336407"));
    assertThat(hex(packet, 20, 26)).isEqualTo("0035d4310008");
    assertThat(packet).hasSize(28);
  }

  @Test
  void checksumsStayAsRightOrAsWrongAsTheyWere() {
    Random random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      byte[] packet =
          HexFormat.of()
              .parseHex(i % 2 == 0 ? V4_UDP + "0035d4310008" + "0000" : V4_TCP + "0".repeat(40));
      randomize(packet, 10, 20, random);
      packet[12] = (byte) (20 + random.nextInt(50)); // else many are private or kept
      int check = i % 2 == 0 ? 26 : 36;
      randomize(packet, check, check + 2, random);
      if (i % 2 == 1) {
        packet[32] = 0x50;
      }
      byte[] redacted = redactor.packet(IP, packet);
      assertThat(error(redacted, 0, 20, 0)).isEqualTo(error(packet, 0, 20, 0));
      int protocol = packet[9];
      int length = packet.length - 20;
      assertThat(error(redacted, 12, packet.length, protocol + length))
          .isEqualTo(error(packet, 12, packet.length, protocol + length));
    }
  }

  private static void randomize(byte[] bytes, int from, int to, Random random) {
    for (int i = from; i < to; i++) {
      bytes[i] = (byte) random.nextInt();
    }
  }

  /** 0 when the checksum is right, since then all adds up to zero in ones' complement. */
  private static long error(byte[] bytes, int from, int to, long more) {
    return Math.floorMod(
        Checksum.sum(Arrays.copyOfRange(bytes, from, to), 0, to - from) + more, 0xffff);
  }

  @Test
  void udpWithoutChecksumStaysWithout() {
    byte[] packet = redacted(IP, V4_UDP + "0035d43100080000");
    assertThat(hex(packet, 26, 28)).isEqualTo("0000");
  }

  @Test
  void sumOfThePseudoHeaderThatADeviceIsToCompleteStaysOne() {
    byte[] before = HexFormat.of().parseHex(V4_TCP + "0".repeat(40));
    before[32] = 0x50;
    int sum = Checksum.folded(Checksum.sum(before, 12, 20) + 6 + 20);
    before[36] = (byte) (sum >> 8);
    before[37] = (byte) sum;
    byte[] after = redactor.packet(IP, before);
    int expected = Checksum.folded(Checksum.sum(after, 12, 20) + 6 + 20);
    assertThat((after[36] & 0xff) << 8 | (after[37] & 0xff)).isEqualTo(expected).isNotEqualTo(sum);
  }

  @Test
  void whatIcmpQuotesIsMappedAndCutToo() {
    String quoted = V4_UDP + "0035d431000812ab";
    byte[] packet = redacted(IP, V4_ICMP + "03030000" + "00000000" + quoted + SECRET);
    assertThat(hex(packet, 28 + 12, 28 + 20)).isEqualTo(mapped("c0000201") + mapped("c6336407"));
    assertThat(packet).hasSize(28 + 28);
    byte[] before = HexFormat.of().parseHex(V4_ICMP + "03030000" + "00000000" + quoted);
    assertThat(error(packet, 20, 56, 0)).isEqualTo(error(before, 20, 56, 0));
    assertThat(error(packet, 28, 48, 0)).isEqualTo(error(before, 28, 48, 0));
  }

  @Test
  void echoKeepsItsHeaderAlone() {
    assertThat(redacted(IP, V4_ICMP + "08001234" + "00010002" + SECRET)).hasSize(28);
  }

  @Test
  void neighbourDiscoveryIsMappedThroughout() {
    String target = "20010db8000000000000000000000009";
    String solicitation =
        "6000000000203aff" + V6 + ("870012ab" + "00000000" + target) + ("0101" + "5254001a2b3c");
    byte[] packet = redacted(IPV6, solicitation);
    byte[] before = HexFormat.of().parseHex(solicitation);
    assertThat(packet).hasSameSizeAs(before);
    assertThat(hex(packet, 48, 64)).isEqualTo(mapped(target));
    assertThat(Arrays.copyOfRange(packet, 66, 72))
        .isEqualTo(macs.map(HexFormat.of().parseHex("5254001a2b3c")));
    assertThat(error(packet, 8, 72, 32 + 58)).isEqualTo(error(before, 8, 72, 32 + 58));
  }

  @Test
  void segmentsOfRoutesAreMapped() {
    String hop = "20010db8000000000000000000000077";
    byte[] packet =
        redacted(IPV6, "6000000000202bff" + V6 + "1102040100000000" + hop + "0035d43100081234");
    assertThat(hex(packet, 48, 64)).isEqualTo(mapped(hop));
    byte[] before =
        HexFormat.of()
            .parseHex("6000000000202bff" + V6 + "1102040100000000" + hop + "0035d43100081234");
    // The sum counts the final destination, which is the hop.
    long more = Checksum.sum(before, 8, 24) + Checksum.sum(before, 48, 64);
    long moreAfter = Checksum.sum(packet, 8, 24) + Checksum.sum(packet, 48, 64);
    assertThat(error(packet, 64, 72, moreAfter)).isEqualTo(error(before, 64, 72, more));
  }

  @Test
  void arpIsMapped() {
    byte[] packet =
        redacted(
            0x0806,
            "0001080006040001"
                + "5254001a2b3c"
                + "c0000201"
                + "000000000000"
                + "c6336407"
                + SECRET);
    assertThat(hex(packet, 14, 18)).isEqualTo(mapped("c0000201"));
    assertThat(hex(packet, 18, 28)).isEqualTo("000000000000" + mapped("c6336407"));
    assertThat(hex(packet, 8, 14)).isNotEqualTo("5254001a2b3c");
    assertThat(packet).hasSize(28);
  }

  @Test
  void tunnelsAreFollowed() {
    String outer = "450000381a2b40004004000cc0000201c6336407";
    byte[] packet = redacted(IP, outer + V4_UDP + "0035d4310008aaaa" + SECRET);
    assertThat(hex(packet, 32, 40)).isEqualTo(mapped("c0000201") + mapped("c6336407"));
    assertThat(packet).hasSize(48);
  }

  @Test
  void laterFragmentsHaveNoTransportHeader() {
    assertThat(redacted(IP, V4_UDP.replace("1a2b4000", "1a2b0010") + SECRET)).hasSize(20);
  }

  @Test
  void whatIsNoKnownProtocolIsCutAltogether() {
    assertThat(redacted(0x88cc, SECRET)).isEmpty();
    assertThat(redacted(0, SECRET)).isEmpty();
    assertThat(redacted(IP, "c5" + SECRET)).hasSize(1);
    assertThat(redacted(IP, V4_UDP.replace("4011", "4059") + SECRET)).hasSize(20);
  }

  @Test
  void macHeadersKeepTheirTags() {
    byte[] header =
        redactor.macHeader(
            HexFormat.of().parseHex("ffffffffffff" + "5254001a2b3c" + "8100" + "0064" + "0800"),
            true);
    assertThat(hex(header, 0, 6)).isEqualTo("ffffffffffff");
    assertThat(hex(header, 6, 12)).isNotEqualTo("5254001a2b3c");
    assertThat(hex(header, 12, 18)).isEqualTo("810000640800");
  }

  @Test
  void headersOfOtherLinkLayersBecomeZeros() {
    assertThat(redactor.macHeader(HexFormat.of().parseHex(SECRET), false)).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {IP, IPV6, 0x0806, 0x8100, 0x8847, 0x8864})
  void damagedPacketsNeitherGrowNorFail(int ethertype) {
    Random random = new Random(ethertype);
    for (int i = 0; i < 20_000; i++) {
      byte[] packet = new byte[random.nextInt(120)];
      random.nextBytes(packet);
      if (packet.length > 9) {
        packet[0] = (byte) (ethertype == IPV6 ? 0x60 : 0x45 + random.nextInt(4));
        int[] protocols = {0, 1, 2, 4, 6, 17, 41, 43, 44, 47, 51, 58, 60};
        packet[ethertype == IPV6 ? 6 : 9] = (byte) protocols[random.nextInt(protocols.length)];
      }
      byte[] redacted = redactor.packet(ethertype, packet);
      assertThat(redacted.length).isLessThanOrEqualTo(packet.length);
    }
  }
}
