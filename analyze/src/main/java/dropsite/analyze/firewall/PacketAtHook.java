package dropsite.analyze.firewall;

import dropsite.analyze.input.PacketHeaders;
import dropsite.capture.DropEvent;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dropped packet as the rules of a hook saw it.
 *
 * <p>skb-&gt;dev is the device the packet came in by where it is received and forwarded, and the
 * one it leaves by where it is sent. A bridge that forwards has set the latter already
 * (net/bridge/br_forward.c); one that receives, itself (net/bridge/br_input.c). The hooks of IP
 * that a bridge runs see the bridge in place of its ports (net/bridge/br_netfilter_hooks.c).
 */
final class PacketAtHook {
  private static final int TCP = 6;
  private static final int ICMP = 1;
  private static final int ICMP6 = 58;
  private static final int LEAST_ETHERTYPE = 0x600;
  private static final int MAC_BYTES = 6;
  private static final int ARP_SENDER = 8;
  private static final int ARP_TARGET = 18;
  private static final int ARP_BYTES = 28;

  private final Map<Field, Value> values = new EnumMap<>(Field.class);
  private final DropEvent.Packet packet;
  private final int transportOffset;

  /**
   * @param device name of skb-&gt;dev; null when not recorded
   */
  PacketAtHook(DropEvent.Packet packet, @Nullable String device, Hook hook) {
    this.packet = packet;
    PacketHeaders headers = PacketHeaders.of(packet);
    transportOffset = headers.fragmentOffsetBytes() > 0 ? -1 : headers.transportOffset();
    link(headers);
    devices(device, hook);
    switch (headers.etherType()) {
      case EtherTypes.IPV4 -> ip(headers, 4);
      case EtherTypes.IPV6 -> ip(headers, 6);
      case EtherTypes.ARP -> arp(headers);
      default -> {
        absentIp(4);
        absentIp(6);
        absentArp();
        absentTransport();
      }
    }
  }

  private PacketAtHook(PacketAtHook other) {
    packet = other.packet;
    transportOffset = other.transportOffset;
    values.putAll(other.values);
  }

  /** Takes what routes say of the device it leaves by, where that was not recorded. */
  void leavesBy(String device) {
    values.putIfAbsent(Field.OUT, Value.of(device));
  }

  /** Returns the same packet before rules changed its mark. */
  PacketAtHook withoutMark() {
    PacketAtHook copy = new PacketAtHook(this);
    copy.values.remove(Field.MARK);
    return copy;
  }

  /** Returns a field: {@link Value#ABSENT} when the packet has none, null when not recorded. */
  @Nullable Value get(Field field) {
    return values.get(field);
  }

  /** Returns bits of a header; null when they were not recorded. */
  @Nullable Value bits(boolean transport, int offset, int length) {
    int start = transport ? transportOffset : 0;
    if (start < 0) {
      return Value.ABSENT;
    }
    long first = start * 8L + offset;
    long end = first + length;
    if (offset < 0 || length < 1 || length > 128 || end > packet.bytes().length * 8L) {
      return packet.cut() || length > 128 ? null : Value.ABSENT;
    }
    Value result = Value.of(0);
    for (long bit = first; bit < end; bit++) {
      int one = (packet.bytes()[(int) (bit / 8)] >> (7 - bit % 8)) & 1;
      result =
          new Value((result.high() << 1) | (result.low() >>> 63), (result.low() << 1) | one, null);
    }
    return result;
  }

  private void link(PacketHeaders headers) {
    put(Field.ETHER_TYPE, headers.etherType());
    put(
        Field.FAMILY,
        switch (headers.etherType()) {
          case EtherTypes.IPV4 -> 2;
          case EtherTypes.IPV6 -> 10;
          case EtherTypes.ARP -> 3;
          default -> 0;
        });
    byte[] mac = packet.macHeader();
    int type = mac.length >= 14 ? ((mac[12] & 0xff) << 8) | (mac[13] & 0xff) : headers.etherType();
    boolean tagged = packet.vlan() >= 0;
    put(Field.FRAME_TYPE, tagged ? EtherTypes.VLAN : Math.max(type, LEAST_ETHERTYPE - 1));
    if (tagged) {
      put(Field.VLAN_ID, packet.vlan() & 0xfff);
      put(Field.VLAN_PRIORITY, (packet.vlan() >> 13) & 7);
    } else if (type != EtherTypes.VLAN) {
      absent(Field.VLAN_ID, Field.VLAN_PRIORITY);
    }
    if (mac.length >= 14) {
      values.put(Field.MAC_DESTINATION, Value.of(mac, 0, MAC_BYTES));
      values.put(Field.MAC_SOURCE, Value.of(mac, MAC_BYTES, MAC_BYTES));
    }
    put(Field.MARK, packet.mark() & 0xffffffffL);
    put(Field.PACKET_TYPE, packet.type());
  }

  private void devices(@Nullable String device, Hook hook) {
    Value none = Value.of("");
    boolean bridge = hook.family().equals("bridge");
    if (hook.family().equals(Hook.BRIDGED)) {
      switch (hook.name()) {
        case "prerouting" -> put(Field.IN, device);
        case "forward", "postrouting" -> put(Field.PHYSICAL_OUT, device);
        default -> {}
      }
      return;
    }
    switch (hook.name()) {
      case "prerouting", "ingress" -> {
        put(Field.IN, device);
        values.put(Field.OUT, none);
      }
      case "input" -> {
        put(bridge ? Field.LOGICAL_IN : Field.IN, device);
        values.put(Field.OUT, none);
      }
      case "forward" -> put(bridge ? Field.OUT : Field.IN, device);
      case "postrouting" -> put(Field.OUT, device);
      case "output", "egress" -> {
        put(Field.OUT, device);
        values.put(Field.IN, none);
      }
      default -> {}
    }
  }

  private void ip(PacketHeaders headers, int version) {
    absentArp();
    absentIp(version == 4 ? 6 : 4);
    boolean four = version == 4;
    if (headers.version() != version) {
      return; // Too little of it was recorded.
    }
    put(four ? Field.SOURCE4 : Field.SOURCE6, headers.source());
    put(four ? Field.DESTINATION4 : Field.DESTINATION6, headers.destination());
    put(four ? Field.TTL : Field.HOP_LIMIT, headers.ttl());
    put(four ? Field.CLASS4 : Field.CLASS6, headers.trafficClass());
    put(Field.LENGTH, headers.totalLengthBytes());
    if (four) {
      put(Field.LENGTH4, headers.totalLengthBytes());
      values.put(Field.FRAGMENT, Value.of(packet.bytes(), 6, 2));
    } else {
      put(Field.LENGTH6, headers.totalLengthBytes() - 40);
    }
    put(Field.PROTOCOL, headers.protocol());
    transport(headers);
  }

  /** What the bytes do not show is not recorded when they were cut, and else not there. */
  private void transport(PacketHeaders headers) {
    boolean gone = headers.fragmentOffsetBytes() > 0 || !packet.cut();
    int protocol = headers.protocol();
    put(Field.SOURCE_PORT, headers.sourcePort(), gone);
    put(Field.DESTINATION_PORT, headers.destinationPort(), gone);
    put(Field.TCP_FLAGS, headers.tcpFlags(), gone || protocol != TCP);
    put(Field.ICMP_TYPE, protocol == ICMP ? headers.icmpType() : -1, gone || protocol != ICMP);
    put(Field.ICMP_CODE, protocol == ICMP ? headers.icmpCode() : -1, gone || protocol != ICMP);
    put(Field.ICMP6_TYPE, protocol == ICMP6 ? headers.icmpType() : -1, gone || protocol != ICMP6);
    put(Field.ICMP6_CODE, protocol == ICMP6 ? headers.icmpCode() : -1, gone || protocol != ICMP6);
  }

  private void arp(PacketHeaders headers) {
    absentIp(4);
    absentIp(6);
    absentTransport();
    byte[] bytes = packet.bytes();
    if (bytes.length >= ARP_BYTES) {
      put(Field.ARP_OPERATION, headers.arpOperation());
      put(Field.ARP_SOURCE, headers.source());
      put(Field.ARP_TARGET, headers.destination());
      values.put(Field.ARP_MAC_SOURCE, Value.of(bytes, ARP_SENDER, MAC_BYTES));
      values.put(Field.ARP_MAC_TARGET, Value.of(bytes, ARP_TARGET, MAC_BYTES));
    }
  }

  private void absentIp(int version) {
    if (version == 4) {
      absent(
          Field.SOURCE4,
          Field.DESTINATION4,
          Field.TTL,
          Field.CLASS4,
          Field.LENGTH4,
          Field.FRAGMENT);
    } else {
      absent(Field.SOURCE6, Field.DESTINATION6, Field.HOP_LIMIT, Field.CLASS6, Field.LENGTH6);
    }
  }

  private void absentTransport() {
    absent(
        Field.PROTOCOL,
        Field.SOURCE_PORT,
        Field.DESTINATION_PORT,
        Field.TCP_FLAGS,
        Field.ICMP_TYPE,
        Field.ICMP_CODE,
        Field.ICMP6_TYPE,
        Field.ICMP6_CODE);
  }

  private void absentArp() {
    absent(
        Field.ARP_OPERATION,
        Field.ARP_SOURCE,
        Field.ARP_TARGET,
        Field.ARP_MAC_SOURCE,
        Field.ARP_MAC_TARGET);
  }

  private void absent(Field... fields) {
    for (Field field : fields) {
      values.put(field, Value.ABSENT);
    }
  }

  private void put(Field field, long number) {
    if (number >= 0) {
      values.put(field, Value.of(number));
    }
  }

  private void put(Field field, int number, boolean gone) {
    if (number >= 0) {
      values.put(field, Value.of(number));
    } else if (gone) {
      values.put(field, Value.ABSENT);
    }
  }

  private void put(Field field, @Nullable InetAddress address) {
    if (address != null) {
      values.put(field, Value.of(address));
    }
  }

  private void put(Field field, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      values.put(field, Value.of(text));
    }
  }
}
