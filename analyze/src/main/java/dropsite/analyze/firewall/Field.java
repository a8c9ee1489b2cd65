package dropsite.analyze.firewall;

/** What rules ask of a packet and of the hook it is at. */
enum Field {
  /** NFPROTO_*: 2 is IPv4, 10 IPv6, 3 ARP. */
  FAMILY("the address family"),
  /** Of the network header. */
  ETHER_TYPE("the ethertype"),
  /** Of the frame as a bridge sees it: that of the VLAN tag, if there is one. */
  FRAME_TYPE("the frame's type"),
  VLAN_ID("the VLAN id"),
  VLAN_PRIORITY("the VLAN priority"),
  MAC_SOURCE("the source MAC address"),
  MAC_DESTINATION("the destination MAC address"),
  PROTOCOL("the protocol"),
  SOURCE4("the IPv4 source"),
  DESTINATION4("the IPv4 destination"),
  SOURCE6("the IPv6 source"),
  DESTINATION6("the IPv6 destination"),
  SOURCE_PORT("the source port"),
  DESTINATION_PORT("the destination port"),
  TCP_FLAGS("the TCP flags"),
  ICMP_TYPE("the ICMP type"),
  ICMP_CODE("the ICMP code"),
  ICMP6_TYPE("the ICMPv6 type"),
  ICMP6_CODE("the ICMPv6 code"),
  TTL("the TTL"),
  HOP_LIMIT("the hop limit"),
  /** All 8 bits of TOS. */
  CLASS4("the type of service"),
  /** All 8 bits of the traffic class. */
  CLASS6("the traffic class"),
  /** IPv4: total length, as the header says. */
  LENGTH4("the IPv4 length"),
  /** IPv6: payload length, as the header says. */
  LENGTH6("the IPv6 payload length"),
  /** Of IPv4: flags and offset, as they stand in the header. */
  FRAGMENT("the fragment offset"),
  /** From the network header on. */
  LENGTH("the packet's length"),
  MARK("the mark"),
  /** PACKET_* of linux/if_packet.h. */
  PACKET_TYPE("the packet type"),
  ARP_OPERATION("the ARP operation"),
  ARP_SOURCE("the ARP sender address"),
  ARP_TARGET("the ARP target address"),
  ARP_MAC_SOURCE("the ARP sender MAC address"),
  ARP_MAC_TARGET("the ARP target MAC address"),
  /** Name of the device it came in by; empty when it came from here. */
  IN("the device it came in by"),
  /** Name of the device it leaves by; empty when it stays. */
  OUT("the device it leaves by"),
  /** The bridge's port behind {@link #IN}. */
  PHYSICAL_IN("the bridge port it came in by"),
  PHYSICAL_OUT("the bridge port it leaves by"),
  /** The bridge that {@link #IN} is a port of. */
  LOGICAL_IN("the bridge it came in by"),
  LOGICAL_OUT("the bridge it leaves by");

  private final String words;

  Field(String words) {
    this.words = words;
  }

  /** Returns a noun for it. */
  String words() {
    return words;
  }
}
