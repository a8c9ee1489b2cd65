package dropsite.capture.redact;

import static dropsite.capture.redact.PacketCopy.V4_BYTES;
import static dropsite.capture.redact.PacketCopy.V6_BYTES;

import dropsite.capture.redact.PacketRedactor.PseudoHeader;

/**
 * Keeps the header of the transport layer, with its checksum adapted, and cuts off what follows.
 * What ICMP quotes of other packets is treated as they are.
 */
final class TransportRedactor {
  private static final int ETH_IP = 0x0800;
  private static final int ETH_IPV6 = 0x86dd;

  // uapi/linux/in.h and in6.h
  private static final int ICMP = 1;
  private static final int IGMP = 2;
  private static final int IPV4 = 4;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int DCCP = 33;
  private static final int IPV6 = 41;
  private static final int GRE = 47;
  private static final int ESP = 50;
  private static final int AH = 51;
  private static final int ICMPV6 = 58;
  private static final int SCTP = 132;
  private static final int UDPLITE = 136;

  private TransportRedactor() {}

  static int header(PacketCopy packet, int protocol, int at, PseudoHeader pseudo, int layer) {
    return switch (protocol) {
      case TCP -> tcp(packet, at, pseudo);
      case UDP -> udp(packet, at, pseudo);
      case UDPLITE, DCCP -> {
        packet.checksum(at + 6, pseudo.growth());
        yield packet.bounded(at + (protocol == DCCP ? 12 : 8));
      }
      case SCTP -> packet.bounded(at + 12); // its checksum does not count addresses
      case ICMP -> icmp(packet, at, layer);
      case ICMPV6 -> {
        int end = icmpv6(packet, at, layer);
        packet.checksum(at + 2, pseudo.growth() + packet.growth(at, end));
        yield end;
      }
      case IGMP -> igmp(packet, at);
      case IPV4 -> PacketRedactor.network(packet, ETH_IP, at, layer + 1);
      case IPV6 -> PacketRedactor.network(packet, ETH_IPV6, at, layer + 1);
      case GRE -> gre(packet, at);
      case ESP -> packet.bounded(at + 8);
      case AH -> packet.bounded(at + 12);
      default -> packet.bounded(at);
    };
  }

  /** RFC 9293, and of its options that of RFC 8684 which holds an address. */
  private static int tcp(PacketCopy packet, int at, PseudoHeader pseudo) {
    final int shortest = at + 20;
    final int multipath = 30;
    final int addAddress = 3;
    int end = packet.bounded(Math.max(at + (packet.u8(at + 12) >> 4) * 4, shortest));
    for (int option = shortest; option < end && packet.u8(option) != 0; ) {
      int size = packet.u8(option) == 1 ? 1 : packet.u8(option + 1);
      if (packet.u8(option) != 1 && (size < 2 || option + size > end)) {
        break;
      }
      if (packet.u8(option) == multipath && packet.u8(option + 2) >> 4 == addAddress) {
        packet.address(option + 4, size < 4 + V6_BYTES ? V4_BYTES : V6_BYTES);
      }
      option += size;
    }
    checksum(packet, at + 16, TCP, pseudo, packet.growth(at, end));
    return end;
  }

  private static int udp(PacketCopy packet, int at, PseudoHeader pseudo) {
    int checksum = at + 6;
    if (packet.u16(checksum) != 0) { // 0 says that there is none (RFC 768)
      checksum(packet, checksum, UDP, pseudo, 0);
    }
    return packet.bounded(at + 8);
  }

  /**
   * On its way out a packet may hold only the sum of its pseudo header, and the device is to do the
   * rest (CHECKSUM_PARTIAL, include/linux/skbuff.h): then it shall be so afterwards.
   */
  private static void checksum(
      PacketCopy packet, int at, int protocol, PseudoHeader pseudo, long growth) {
    if (!packet.has(at, Short.BYTES)) {
      return;
    }
    int now = packet.u16(at);
    long sum = pseudo.sum() + protocol;
    if (now == Checksum.folded(sum + pseudo.lengthBytes())) {
      packet.setChecksum(at, Checksum.folded(sum + pseudo.lengthBytes() + pseudo.growth()));
    } else if (now == Checksum.folded(sum)) { // to be cut into segments later
      packet.setChecksum(at, Checksum.folded(sum + pseudo.growth()));
    } else {
      int updated = Checksum.updated(now, pseudo.growth() + growth);
      packet.setChecksum(at, protocol == UDP && updated == 0 ? 0xffff : updated);
    }
  }

  /** RFC 792: errors quote the packet they are about. */
  private static int icmp(PacketCopy packet, int at, int layer) {
    final int base = 8;
    final int redirect = 5;
    int end = packet.bounded(at + base);
    int type = packet.u8(at);
    if (type == redirect) {
      packet.address(at + 4, V4_BYTES);
    }
    boolean quotes = type == 3 || type == 4 || type == redirect || type == 11 || type == 12;
    if (quotes && packet.has(at, base + 1)) {
      end = PacketRedactor.network(packet, ETH_IP, at + base, layer + 1);
    }
    packet.checksum(at + 2, packet.growth(at, end));
    return end;
  }

  /** RFC 4443, RFC 4861 (neighbour discovery) and RFC 2710 (multicast listeners). */
  private static int icmpv6(PacketCopy packet, int at, int layer) {
    final int base = at + 8;
    return switch (packet.u8(at)) {
      case 1, 2, 3, 4 ->
          packet.has(base, 1)
              ? PacketRedactor.network(packet, ETH_IPV6, base, layer + 1)
              : packet.bounded(base);
      case 130, 131, 132 -> targets(packet, base, 1);
      case 133 -> options(packet, base);
      case 134 -> options(packet, base + 8);
      case 135, 136 -> options(packet, targets(packet, base, 1));
      case 137 -> options(packet, targets(packet, base, 2));
      default -> packet.bounded(base);
    };
  }

  private static int targets(PacketCopy packet, int at, int count) {
    int end = at + count * V6_BYTES;
    if (!packet.has(at, end - at)) {
      return packet.bounded(at);
    }
    packet.addresses(at, end);
    return end;
  }

  /** Options of neighbour discovery, up to the first that is not known. */
  private static int options(PacketCopy packet, int from) {
    int at = packet.bounded(from);
    while (packet.has(at, 8)) {
      int size = packet.u8(at + 1) * 8;
      if (size == 0 || !packet.has(at, size)) {
        return at;
      }
      switch (packet.u8(at)) {
        case 1, 2 -> { // link-layer address
          if (size != 8) {
            return at;
          }
          packet.mac(at + 2);
        }
        case 3 -> packet.prefix(at + 16, Math.min(V6_BYTES, size - 16), packet.u8(at + 2));
        case 5 -> {} // MTU
        case 24 ->
            packet.prefix(at + 8, Math.min(V6_BYTES, size - 8), packet.u8(at + 2)); // RFC 4191
        case 25 -> packet.addresses(at + 8, at + size); // RFC 8106
        default -> {
          return at;
        }
      }
      at += size;
    }
    return at;
  }

  /** RFC 2236; in reports of version 3 (RFC 3376) no address stands there. */
  private static int igmp(PacketCopy packet, int at) {
    int type = packet.u8(at);
    if (type == 0x11 || type == 0x12 || type == 0x16 || type == 0x17) {
      packet.address(at + 4, V4_BYTES);
    }
    int end = packet.bounded(at + 8);
    packet.checksum(at + 2, packet.growth(at, end));
    return end;
  }

  /** RFC 2890; the checksum, if there is one, counts what is cut off. */
  private static int gre(PacketCopy packet, int at) {
    int flags = packet.u8(at);
    int optional = ((flags >> 7) & 1) + ((flags >> 5) & 1) + ((flags >> 4) & 1);
    return packet.bounded(at + 4 + 4 * optional);
  }
}
