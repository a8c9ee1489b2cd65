package dropsite.capture.redact;

import static dropsite.capture.redact.PacketCopy.V4_BYTES;
import static dropsite.capture.redact.PacketCopy.V6_BYTES;

/**
 * Maps the addresses in the headers of a packet and cuts off what follows them. Each method treats
 * the header at a place and returns where what may be kept ends.
 */
final class PacketRedactor {
  // uapi/linux/if_ether.h
  private static final int ETH_IP = 0x0800;
  private static final int ETH_IPV6 = 0x86dd;
  private static final int ETH_ARP = 0x0806;
  private static final int ETH_RARP = 0x8035;
  private static final int ETH_8021Q = 0x8100;
  private static final int ETH_8021AD = 0x88a8;
  private static final int ETH_MPLS = 0x8847;
  private static final int ETH_MPLS_MULTICAST = 0x8848;
  private static final int ETH_PPPOE = 0x8864;
  private static final int PPP_IP = 0x0021;
  private static final int PPP_IPV6 = 0x0057;

  private static final int MOST_LAYERS = 6;
  private static final int ETHERNET_BYTES = 14;
  private static final int VLAN_BYTES = 4;

  private final AddressMap addresses;
  private final MacMap macs;

  PacketRedactor(AddressMap addresses, MacMap macs) {
    this.addresses = addresses;
    this.macs = macs;
  }

  /** Returns a packet from its network header on. */
  byte[] packet(int ethertype, byte[] bytes) {
    PacketCopy packet = new PacketCopy(bytes, addresses, macs);
    return packet.result(network(packet, ethertype, 0, 0));
  }

  /**
   * Returns a link-layer header.
   *
   * @param ethernet whether the device has headers of Ethernet; of others nothing but zeros is left
   */
  byte[] macHeader(byte[] bytes, boolean ethernet) {
    PacketCopy header = new PacketCopy(bytes, addresses, macs);
    int known = 0;
    if (ethernet && bytes.length >= ETHERNET_BYTES) {
      header.mac(0);
      header.mac(MacMap.BYTES);
      known = ETHERNET_BYTES;
      while (isVlan(header.u16(known - Short.BYTES)) && header.has(known, VLAN_BYTES)) {
        known += VLAN_BYTES;
      }
    }
    header.zero(known, bytes.length);
    return header.result(bytes.length);
  }

  private static boolean isVlan(int ethertype) {
    return ethertype == ETH_8021Q || ethertype == ETH_8021AD;
  }

  static int network(PacketCopy packet, int ethertype, int at, int layer) {
    if (layer > MOST_LAYERS) {
      return at;
    }
    return switch (ethertype) {
      case ETH_IP -> ipv4(packet, at, layer);
      case ETH_IPV6 -> Ipv6Redactor.header(packet, at, layer);
      case ETH_ARP, ETH_RARP -> arp(packet, at);
      case ETH_8021Q, ETH_8021AD ->
          network(packet, packet.u16(at + 2), packet.bounded(at + VLAN_BYTES), layer + 1);
      case ETH_MPLS, ETH_MPLS_MULTICAST -> mpls(packet, at);
      case ETH_PPPOE ->
          switch (packet.u16(at + 6)) {
            case PPP_IP -> network(packet, ETH_IP, at + 8, layer + 1);
            case PPP_IPV6 -> network(packet, ETH_IPV6, at + 8, layer + 1);
            default -> packet.bounded(at + 8);
          };
      default -> at;
    };
  }

  /** RFC 791. */
  private static int ipv4(PacketCopy packet, int at, int layer) {
    final int source = at + 12;
    final int shortest = at + 20;
    if (packet.u8(at) >> 4 != 4) {
      return packet.bounded(at + 1); // whatever this is, addresses are not where they should be
    }
    if (!packet.has(at, shortest - at)) {
      return packet.bounded(source);
    }
    int end = Math.max(at + (packet.u8(at) & 0xf) * 4, shortest);
    packet.address(source, V4_BYTES);
    packet.address(source + V4_BYTES, V4_BYTES);
    options(packet, shortest, packet.bounded(end));
    packet.checksum(at + 10, packet.growth(at, end));
    boolean laterFragment = (packet.u16(at + 6) & 0x1fff) != 0;
    if (laterFragment || end >= packet.length() || (packet.u8(at) & 0xf) < 5) {
      return packet.bounded(end);
    }
    PseudoHeader pseudo =
        new PseudoHeader(
            packet.sum(source, shortest),
            packet.growth(source, shortest),
            packet.u16(at + 2) - (end - at));
    return TransportRedactor.header(packet, packet.u8(at + 9), end, pseudo, layer);
  }

  /** Routes that a packet took or is to take hold addresses. */
  private static void options(PacketCopy packet, int from, int end) {
    for (int at = from; at < end && packet.u8(at) != 0; ) {
      int type = packet.u8(at);
      int size = type == 1 ? 1 : packet.u8(at + 1);
      if (type != 1 && (size < 2 || at + size > end)) {
        packet.zero(at, end); // damaged: what it holds is not known
        return;
      }
      switch (type) {
        case 7, 131, 137 -> { // record route, loose and strict source route
          for (int hop = at + 3; hop + V4_BYTES <= at + size; hop += V4_BYTES) {
            packet.address(hop, V4_BYTES);
          }
        }
        case 1, 130, 133, 134, 148 -> {} // padding, security labels, router alert
        default -> packet.zero(at + 2, at + size);
      }
      at += size;
    }
  }

  /** RFC 826. */
  private static int arp(PacketCopy packet, int at) {
    final int fixed = 8;
    final int end = at + fixed + 2 * (MacMap.BYTES + V4_BYTES);
    boolean ofEthernet = packet.u8(at + 4) == MacMap.BYTES && packet.u8(at + 5) == V4_BYTES;
    if (!ofEthernet || !packet.has(at, end - at)) {
      return packet.bounded(at + fixed);
    }
    for (int each = at + fixed; each < end; each += MacMap.BYTES + V4_BYTES) {
      packet.mac(each);
      packet.address(each + MacMap.BYTES, V4_BYTES);
    }
    return end;
  }

  /** RFC 3032: labels up to the one with the bottom bit; what follows says not what it is. */
  private static int mpls(PacketCopy packet, int at) {
    int label = at;
    while (packet.has(label, 4) && (packet.u8(label + 2) & 1) == 0) {
      label += 4;
    }
    return packet.bounded(label + 4);
  }

  /**
   * What checksums of the transport layer count besides its own bytes.
   *
   * @param sum of the addresses as they were
   * @param growth by which that sum grew
   * @param lengthBytes of the transport layer, as the network header has it
   */
  record PseudoHeader(long sum, long growth, int lengthBytes) {}

  /** IPv6 and what may stand between it and the transport layer. */
  static final class Ipv6Redactor {
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION = 60;
    private static final int HOME_ADDRESS = 201;

    private Ipv6Redactor() {}

    /** RFC 8200. */
    static int header(PacketCopy packet, int start, int layer) {
      int source = start + 8;
      int destination = source + V6_BYTES;
      int at = destination + V6_BYTES;
      if (packet.u8(start) >> 4 != 6) {
        return packet.bounded(start + 1);
      }
      if (!packet.has(start, at - start)) {
        return packet.bounded(source);
      }
      packet.addresses(source, at);
      int next = packet.u8(start + 6);
      for (int extensions = 0; isExtension(next) && extensions < 8; extensions++) {
        int size =
            switch (next) {
              case FRAGMENT -> 8;
              case AUTHENTICATION -> (packet.u8(at + 1) + 2) * 4;
              default -> (packet.u8(at + 1) + 1) * 8;
            };
        if (!packet.has(at, size)) {
          return packet.bounded(at);
        }
        if (next == ROUTING) {
          int last = route(packet, at, size);
          if (last < 0) {
            return at + 4;
          }
          destination = packet.u8(at + 3) > 0 && last > 0 ? last : destination;
        } else if (next == HOP_BY_HOP || next == DESTINATION) {
          source = options(packet, at, size, source);
        } else if (next == FRAGMENT && packet.u16(at + 2) >> 3 != 0) {
          return at + size;
        }
        next = packet.u8(at);
        at += size;
      }
      PseudoHeader pseudo =
          new PseudoHeader(
              packet.sum(source, source + V6_BYTES)
                  + packet.sum(destination, destination + V6_BYTES),
              packet.growth(source, source + V6_BYTES)
                  + packet.growth(destination, destination + V6_BYTES),
              packet.u16(start + 4) - (at - start - 40));
      return TransportRedactor.header(packet, next, at, pseudo, layer);
    }

    private static boolean isExtension(int next) {
      return next == HOP_BY_HOP
          || next == ROUTING
          || next == FRAGMENT
          || next == AUTHENTICATION
          || next == DESTINATION;
    }

    /**
     * Maps the hops of a routing header.
     *
     * @return where the final destination stands, 0 when there is none; -1 when the header is of a
     *     type that is not known
     */
    private static int route(PacketCopy packet, int at, int size) {
      int hops = at + 8;
      int end =
          switch (packet.u8(at + 2)) {
            case 0, 2 -> at + size; // RFC 2460, RFC 6275
            case 4 -> Math.min(hops + (packet.u8(at + 4) + 1) * V6_BYTES, at + size); // RFC 8754
            default -> -1;
          };
      if (end < 0) {
        return -1;
      }
      packet.addresses(hops, end);
      packet.zero(Math.max(end, hops), at + size);
      if (end < hops + V6_BYTES) {
        return 0;
      }
      return packet.u8(at + 2) == 4 ? hops : hops + (end - hops) / V6_BYTES * V6_BYTES - V6_BYTES;
    }

    /** Maps the home address in options, which then counts as the source. */
    private static int options(PacketCopy packet, int header, int size, int source) {
      int real = source;
      for (int at = header + 2; at < header + size; ) {
        int optionSize = packet.u8(at) == 0 ? 1 : packet.u8(at + 1) + 2;
        if (packet.u8(at) == HOME_ADDRESS && optionSize == V6_BYTES + 2) {
          packet.address(at + 2, V6_BYTES);
          real = packet.has(at + 2, V6_BYTES) ? at + 2 : real;
        }
        at += optionSize;
      }
      return real;
    }
  }
}
