package dropsite.capture.filter;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Names of protocols: of the network layer (linux/if_ether.h) and of the transport layer (IANA).
 */
final class Protocols {
  /** Numbers from here on are ethertypes (IEEE 802.3 §3.2.6). */
  static final int FIRST_ETHERTYPE = 0x600;

  static final int LAST_ETHERTYPE = 0xffff;
  static final int LAST_TRANSPORT = 255;

  private static final Map<String, Integer> NUMBERS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("ip", 0x0800),
              Map.entry("ip4", 0x0800),
              Map.entry("arp", 0x0806),
              Map.entry("rarp", 0x8035),
              Map.entry("ip6", 0x86dd),
              Map.entry("mpls", 0x8847),
              Map.entry("pppoe", 0x8864),
              Map.entry("icmp", 1),
              Map.entry("igmp", 2),
              Map.entry("ipip", 4),
              Map.entry("tcp", 6),
              Map.entry("udp", 17),
              Map.entry("dccp", 33),
              Map.entry("sit", 41),
              Map.entry("gre", 47),
              Map.entry("esp", 50),
              Map.entry("ah", 51),
              Map.entry("icmp6", 58),
              Map.entry("ospf", 89),
              Map.entry("pim", 103),
              Map.entry("vrrp", 112),
              Map.entry("sctp", 132),
              Map.entry("udplite", 136)));

  private Protocols() {}

  static OptionalInt number(String name) {
    Integer number = NUMBERS.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  static List<String> names() {
    return List.copyOf(NUMBERS.keySet());
  }
}
