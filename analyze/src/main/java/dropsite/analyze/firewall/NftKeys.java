package dropsite.analyze.firewall;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the values stand that nft's expressions ask for. */
final class NftKeys {
  private static final Map<String, Field> FIELDS =
      Map.ofEntries(
          Map.entry("ether saddr", Field.MAC_SOURCE),
          Map.entry("ether daddr", Field.MAC_DESTINATION),
          Map.entry("ether type", Field.FRAME_TYPE),
          Map.entry("vlan id", Field.VLAN_ID),
          Map.entry("vlan pcp", Field.VLAN_PRIORITY),
          Map.entry("vlan type", Field.ETHER_TYPE),
          Map.entry("ip saddr", Field.SOURCE4),
          Map.entry("ip daddr", Field.DESTINATION4),
          Map.entry("ip protocol", Field.PROTOCOL),
          Map.entry("ip ttl", Field.TTL),
          Map.entry("ip length", Field.LENGTH4),
          Map.entry("ip frag-off", Field.FRAGMENT),
          Map.entry("ip6 saddr", Field.SOURCE6),
          Map.entry("ip6 daddr", Field.DESTINATION6),
          Map.entry("ip6 hoplimit", Field.HOP_LIMIT),
          Map.entry("ip6 length", Field.LENGTH6),
          Map.entry("ip6 nexthdr", Field.PROTOCOL),
          Map.entry("tcp sport", Field.SOURCE_PORT),
          Map.entry("tcp dport", Field.DESTINATION_PORT),
          Map.entry("tcp flags", Field.TCP_FLAGS),
          Map.entry("udp sport", Field.SOURCE_PORT),
          Map.entry("udp dport", Field.DESTINATION_PORT),
          Map.entry("udplite sport", Field.SOURCE_PORT),
          Map.entry("udplite dport", Field.DESTINATION_PORT),
          Map.entry("sctp sport", Field.SOURCE_PORT),
          Map.entry("sctp dport", Field.DESTINATION_PORT),
          Map.entry("dccp sport", Field.SOURCE_PORT),
          Map.entry("dccp dport", Field.DESTINATION_PORT),
          Map.entry("th sport", Field.SOURCE_PORT),
          Map.entry("th dport", Field.DESTINATION_PORT),
          Map.entry("icmp type", Field.ICMP_TYPE),
          Map.entry("icmp code", Field.ICMP_CODE),
          Map.entry("icmpv6 type", Field.ICMP6_TYPE),
          Map.entry("icmpv6 code", Field.ICMP6_CODE),
          Map.entry("arp operation", Field.ARP_OPERATION),
          Map.entry("arp saddr ip", Field.ARP_SOURCE),
          Map.entry("arp daddr ip", Field.ARP_TARGET),
          Map.entry("arp saddr ether", Field.ARP_MAC_SOURCE),
          Map.entry("arp daddr ether", Field.ARP_MAC_TARGET));

  private static final Map<String, Field> META =
      Map.ofEntries(
          Map.entry("mark", Field.MARK),
          Map.entry("length", Field.LENGTH),
          Map.entry("pkttype", Field.PACKET_TYPE),
          Map.entry("iif", Field.IN),
          Map.entry("oif", Field.OUT),
          Map.entry("iifname", Field.IN),
          Map.entry("oifname", Field.OUT),
          Map.entry("ibrname", Field.LOGICAL_IN),
          Map.entry("ibriport", Field.LOGICAL_IN),
          Map.entry("obrname", Field.LOGICAL_OUT),
          Map.entry("obriport", Field.LOGICAL_OUT),
          Map.entry("nfproto", Field.FAMILY),
          Map.entry("l4proto", Field.PROTOCOL),
          Map.entry("protocol", Field.ETHER_TYPE));

  private NftKeys() {}

  /** Returns where an expression's value stands; null when that is not understood. */
  static @Nullable Key key(JsonNode node) {
    if (node.has("payload")) {
      return payload(node.path("payload"));
    }
    if (node.has("meta")) {
      Field field = META.get(node.path("meta").path("key").asText());
      return field == null ? null : new Key.Of(field);
    }
    JsonNode and = node.path("&");
    if (and.size() == 2) {
      Key key = key(and.get(0));
      if (key == null) {
        return null;
      }
      Value mask = NftValues.value(key, and.get(1));
      return mask == null ? null : new Key.Masked(key, mask);
    }
    return null;
  }

  private static @Nullable Key payload(JsonNode payload) {
    if (payload.has("base")) {
      String base = payload.path("base").asText();
      boolean transport = base.equals("th");
      return transport || base.equals("nh")
          ? new Key.Bits(transport, payload.path("offset").asInt(-1), payload.path("len").asInt(-1))
          : null;
    }
    String name = payload.path("protocol").asText() + " " + payload.path("field").asText();
    Field field = FIELDS.get(name);
    return switch (name) {
      case "ip dscp" -> new Key.Bits(false, 8, 6);
      case "ip6 dscp" -> new Key.Bits(false, 4, 6);
      case "ip version", "ip6 version" -> new Key.Bits(false, 0, 4);
      default -> field == null ? null : new Key.Of(field);
    };
  }

  /**
   * Returns the condition that an expression brings along unsaid: {@code udp dport} asks only UDP
   * for its port; null when there is none.
   */
  static @Nullable Condition unsaid(JsonNode node) {
    String protocol = node.path("payload").path("protocol").asText();
    Value number =
        switch (protocol) {
          case "tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmpv6" ->
              Symbols.number(Field.PROTOCOL, protocol);
          default -> null;
        };
    if (number != null) {
      return Condition.in(Field.PROTOCOL, List.of(Span.of(number)), false, protocol);
    }
    int type =
        switch (protocol) {
          case "ip" -> EtherTypes.IPV4;
          case "ip6" -> EtherTypes.IPV6;
          default -> -1;
        };
    return type < 0
        ? null
        : Condition.in(Field.ETHER_TYPE, List.of(Span.of(Value.of(type))), false, protocol);
  }
}
