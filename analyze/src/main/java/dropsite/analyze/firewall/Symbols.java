package dropsite.analyze.firewall;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers that rules give by name, as iptables 1.8, ebtables 2.0 and nft 1.0 do. */
final class Symbols {
  private static final Map<String, Integer> PROTOCOLS =
      Map.ofEntries(
          Map.entry("icmp", 1),
          Map.entry("igmp", 2),
          Map.entry("ipencap", 4),
          Map.entry("tcp", 6),
          Map.entry("udp", 17),
          Map.entry("dccp", 33),
          Map.entry("ipv6", 41),
          Map.entry("gre", 47),
          Map.entry("esp", 50),
          Map.entry("ah", 51),
          Map.entry("icmp6", 58),
          Map.entry("icmpv6", 58),
          Map.entry("ipv6-icmp", 58),
          Map.entry("ospf", 89),
          Map.entry("ipip", 94),
          Map.entry("pim", 103),
          Map.entry("comp", 108),
          Map.entry("ipcomp", 108),
          Map.entry("vrrp", 112),
          Map.entry("l2tp", 115),
          Map.entry("sctp", 132),
          Map.entry("udplite", 136));

  private static final Map<String, Integer> ETHER_TYPES =
      Map.ofEntries(
          Map.entry("ip", EtherTypes.IPV4),
          Map.entry("ipv4", EtherTypes.IPV4),
          Map.entry("arp", EtherTypes.ARP),
          Map.entry("ip6", EtherTypes.IPV6),
          Map.entry("ipv6", EtherTypes.IPV6),
          Map.entry("802_1q", EtherTypes.VLAN),
          Map.entry("8021q", EtherTypes.VLAN),
          Map.entry("vlan", EtherTypes.VLAN),
          Map.entry("802_1ad", 0x88a8),
          Map.entry("8021ad", 0x88a8),
          Map.entry("mpls_ucast", 0x8847),
          Map.entry("mpls_mcast", 0x8848),
          Map.entry("ppp_disc", 0x8863),
          Map.entry("ppp_ses", 0x8864));

  private static final Map<String, Integer> ICMP =
      Map.ofEntries(
          Map.entry("echo-reply", 0),
          Map.entry("destination-unreachable", 3),
          Map.entry("source-quench", 4),
          Map.entry("redirect", 5),
          Map.entry("echo-request", 8),
          Map.entry("router-advertisement", 9),
          Map.entry("router-solicitation", 10),
          Map.entry("time-exceeded", 11),
          Map.entry("parameter-problem", 12),
          Map.entry("timestamp-request", 13),
          Map.entry("timestamp-reply", 14),
          Map.entry("info-request", 15),
          Map.entry("info-reply", 16),
          Map.entry("address-mask-request", 17),
          Map.entry("address-mask-reply", 18));

  private static final Map<String, Integer> ICMP6 =
      Map.ofEntries(
          Map.entry("destination-unreachable", 1),
          Map.entry("packet-too-big", 2),
          Map.entry("time-exceeded", 3),
          Map.entry("parameter-problem", 4),
          Map.entry("echo-request", 128),
          Map.entry("echo-reply", 129),
          Map.entry("mld-listener-query", 130),
          Map.entry("mld-listener-report", 131),
          Map.entry("mld-listener-done", 132),
          Map.entry("mld-listener-reduction", 132),
          Map.entry("nd-router-solicit", 133),
          Map.entry("router-solicitation", 133),
          Map.entry("nd-router-advert", 134),
          Map.entry("router-advertisement", 134),
          Map.entry("nd-neighbor-solicit", 135),
          Map.entry("neighbour-solicitation", 135),
          Map.entry("nd-neighbor-advert", 136),
          Map.entry("neighbour-advertisement", 136),
          Map.entry("nd-redirect", 137),
          Map.entry("router-renumbering", 138),
          Map.entry("ind-neighbor-solicit", 141),
          Map.entry("ind-neighbor-advert", 142),
          Map.entry("mld2-listener-report", 143));

  private static final List<String> TCP_FLAGS =
      List.of("fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr");

  private static final Map<String, Integer> ARP =
      Map.of("request", 1, "reply", 2, "rrequest", 3, "rreply", 4);

  private static final Map<String, Integer> PACKET_TYPES =
      Map.of(
          "host",
          0,
          "unicast",
          0,
          "broadcast",
          1,
          "multicast",
          2,
          "other",
          3,
          "otherhost",
          3,
          "outgoing",
          4);

  private static final Map<String, Integer> FAMILIES =
      Map.of("ipv4", 2, "ip", 2, "arp", 3, "ipv6", 10, "ip6", 10);

  private static final int VA = 44;
  private static final int EF = 46;

  private Symbols() {}

  /** Returns the number that a name or a number of a field stands for; null when it says none. */
  static @Nullable Value number(Field field, String text) {
    Value number = Value.number(text);
    if (number != null) {
      return number;
    }
    String name = text.toLowerCase(Locale.ROOT);
    Integer named =
        switch (field) {
          case PROTOCOL -> PROTOCOLS.get(name);
          case ETHER_TYPE, FRAME_TYPE -> ETHER_TYPES.get(name);
          case ICMP_TYPE -> ICMP.get(name);
          case ICMP6_TYPE -> ICMP6.get(name);
          case TCP_FLAGS -> tcpFlags(name);
          case ARP_OPERATION -> ARP.get(name);
          case PACKET_TYPE -> PACKET_TYPES.get(name);
          case FAMILY -> FAMILIES.get(name);
          case CLASS4, CLASS6 -> codePoint(name);
          default -> null;
        };
    return named == null ? null : Value.of(named);
  }

  /** Returns bits of names between commas. */
  private static @Nullable Integer tcpFlags(String names) {
    int flags = 0;
    for (String name : names.split(",", -1)) {
      if (name.equals("all")) {
        flags |= 0x3f;
      } else if (!name.equals("none")) {
        int bit = TCP_FLAGS.indexOf(name);
        if (bit < 0) {
          return null;
        }
        flags |= 1 << bit;
      }
    }
    return flags;
  }

  /** Returns the number of a differentiated services code point (RFC 2474, 2597, 3246, 5865). */
  private static @Nullable Integer codePoint(String name) {
    if (name.matches("cs[0-7]")) {
      return (name.charAt(2) - '0') * 8;
    }
    if (name.matches("af[1-4][1-3]")) {
      return (name.charAt(2) - '0') * 8 + (name.charAt(3) - '0') * 2;
    }
    return switch (name) {
      case "be" -> 0;
      case "lephb" -> 1;
      case "va", "voice-admit" -> VA;
      case "ef" -> EF;
      default -> null;
    };
  }
}
