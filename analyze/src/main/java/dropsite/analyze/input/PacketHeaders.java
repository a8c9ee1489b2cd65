package dropsite.analyze.input;

import dropsite.capture.DropEvent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the recorded bytes of a packet say, as far as rules of a firewall ask. Numbers are -1 and
 * objects null where the bytes do not show them.
 *
 * @param macFrom source of Ethernet, its 48 bits
 * @param macTo destination likewise
 * @param etherType of the network header; 0 for a packet without one
 * @param vlan VLAN id of the tag that was taken off
 * @param packetType PACKET_* of linux/if_packet.h: 0 to this host, 1 broadcast, 2 multicast, 3 to
 *     another host, 4 outgoing
 * @param mark 0 when there is none
 * @param version 4, 6, or 0 when it is no IP packet
 * @param trafficClass TOS or traffic class, all 8 bits
 * @param ttl or hop limit
 * @param totalLengthBytes from the IP header on, as the header says
 * @param fragmentOffsetBytes 0 for whole packets and first fragments
 * @param moreFragments whether further fragments follow
 * @param dontFragment whether it must not be fragmented
 * @param protocol of the transport header (IPPROTO_*), behind IPv6 extension headers; for a later
 *     fragment as the header says
 * @param source of IP, or the sender of ARP
 * @param destination of IP, or the target of ARP
 * @param sourcePort of TCP, UDP, UDP-Lite, SCTP, DCCP
 * @param destinationPort likewise
 * @param tcpFlags the lower 8 bits, FIN being 1
 * @param icmpType of ICMP or ICMPv6
 * @param icmpCode likewise
 * @param arpOperation 1 request, 2 reply
 * @param transportOffset where the transport header begins, counted from the network header
 * @param badChecksum whether the checksum behind the IP header is wrong, where no device has yet to
 *     fill it in; null when that cannot be told
 */
public record PacketHeaders(
    long macFrom,
    long macTo,
    int etherType,
    int vlan,
    int packetType,
    long mark,
    int version,
    int trafficClass,
    int ttl,
    int totalLengthBytes,
    int fragmentOffsetBytes,
    boolean moreFragments,
    boolean dontFragment,
    int protocol,
    @Nullable InetAddress source,
    @Nullable InetAddress destination,
    int sourcePort,
    int destinationPort,
    int tcpFlags,
    int icmpType,
    int icmpCode,
    int arpOperation,
    int transportOffset,
    @Nullable Boolean badChecksum) {
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_ARP = 0x0806;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int ETHERNET_HEADER_BYTES = 14;
  private static final int MAC_BYTES = 6;
  private static final int ARP_BYTES = 28;
  private static final int MOST_EXTENSION_HEADERS = 16;
  private static final HexFormat MAC = HexFormat.ofDelimiter(":");

  /** Returns the source of Ethernet, such as {@code 02:00:00:00:00:01}. */
  public @Nullable String macSource() {
    return mac(macFrom);
  }

  /** Returns the destination of Ethernet. */
  public @Nullable String macDestination() {
    return mac(macTo);
  }

  private static @Nullable String mac(long bits) {
    return bits < 0
        ? null
        : MAC.formatHex(
            ByteBuffer.allocate(Long.BYTES).putLong(bits).array(),
            Long.BYTES - MAC_BYTES,
            Long.BYTES);
  }

  private static long macAt(byte[] bytes, int offset) {
    return (long) shortAt(bytes, offset) << 32
        | (long) shortAt(bytes, offset + 2) << 16
        | shortAt(bytes, offset + 4);
  }

  /** What tells most packets apart is compared first: events are looked up by it. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PacketHeaders o
        && sourcePort == o.sourcePort
        && destinationPort == o.destinationPort
        && Objects.equals(source, o.source)
        && Objects.equals(destination, o.destination)
        && protocol == o.protocol
        && totalLengthBytes == o.totalLengthBytes
        && macFrom == o.macFrom
        && macTo == o.macTo
        && etherType == o.etherType
        && vlan == o.vlan
        && packetType == o.packetType
        && mark == o.mark
        && version == o.version
        && trafficClass == o.trafficClass
        && ttl == o.ttl
        && fragmentOffsetBytes == o.fragmentOffsetBytes
        && moreFragments == o.moreFragments
        && dontFragment == o.dontFragment
        && tcpFlags == o.tcpFlags
        && icmpType == o.icmpType
        && icmpCode == o.icmpCode
        && arpOperation == o.arpOperation
        && transportOffset == o.transportOffset
        && Objects.equals(badChecksum, o.badChecksum);
  }

  @Override
  public int hashCode() {
    int hash = sourcePort << 16 ^ destinationPort;
    hash = 31 * hash + Objects.hashCode(source);
    hash = 31 * hash + Objects.hashCode(destination);
    hash = 31 * hash + totalLengthBytes;
    return 31 * hash + (protocol << 8 ^ etherType ^ tcpFlags << 16 ^ icmpType << 24);
  }

  /** Reads what was recorded of a packet (RFC 791, 8200, 826, 768, 9293, 792, 4443). */
  public static PacketHeaders of(DropEvent.Packet packet) {
    byte[] bytes = packet.bytes();
    int etherType = packet.protocol() & 0xffff;
    if (etherType == ETHERTYPE_IPV4 && bytes.length >= 20 && bytes[0] >> 4 == 4) {
      return ipv4(packet, bytes);
    }
    if (etherType == ETHERTYPE_IPV6 && bytes.length >= 40 && bytes[0] >> 4 == 6) {
      return ipv6(packet, bytes);
    }
    if (etherType == ETHERTYPE_ARP && bytes.length >= ARP_BYTES) {
      return of(
          packet,
          0,
          -1,
          -1,
          -1,
          -1,
          false,
          false,
          -1,
          address(bytes, 14, 4),
          address(bytes, 24, 4),
          shortAt(bytes, 6),
          -1);
    }
    return of(packet, 0, -1, -1, -1, -1, false, false, -1, null, null, -1, -1);
  }

  private static PacketHeaders ipv4(DropEvent.Packet packet, byte[] ip) {
    int fragment = shortAt(ip, 6);
    return of(
        packet,
        4,
        ip[1] & 0xff,
        ip[8] & 0xff,
        shortAt(ip, 2),
        (fragment & 0x1fff) * 8,
        (fragment & 0x2000) != 0,
        (fragment & 0x4000) != 0,
        ip[9] & 0xff,
        address(ip, 12, 4),
        address(ip, 16, 4),
        -1,
        (ip[0] & 0xf) * 4);
  }

  private static PacketHeaders ipv6(DropEvent.Packet packet, byte[] ip) {
    int next = ip[6] & 0xff;
    int offset = 40;
    int fragment = 0;
    boolean more = false;
    for (int i = 0; i < MOST_EXTENSION_HEADERS && isExtension(next); i++) {
      if (offset + 8 > ip.length) {
        offset = ip.length;
        break;
      }
      int header = next;
      next = ip[offset] & 0xff;
      if (header == 44) {
        fragment = shortAt(ip, offset + 2) & 0xfff8;
        more = (ip[offset + 3] & 1) != 0;
        offset += 8;
      } else if (header == 51) {
        offset += ((ip[offset + 1] & 0xff) + 2) * 4;
      } else {
        offset += ((ip[offset + 1] & 0xff) + 1) * 8;
      }
      if (fragment != 0) {
        break;
      }
    }
    return of(
        packet,
        6,
        (shortAt(ip, 0) >> 4) & 0xff,
        ip[7] & 0xff,
        shortAt(ip, 4) + 40,
        fragment,
        more,
        false,
        next,
        address(ip, 8, 16),
        address(ip, 24, 16),
        -1,
        offset);
  }

  /** Hop-by-hop, routing, fragment, authentication, destination options (RFC 8200 §4). */
  private static boolean isExtension(int next) {
    return next == 0 || next == 43 || next == 44 || next == 51 || next == 60;
  }

  private static PacketHeaders of(
      DropEvent.Packet packet,
      int version,
      int trafficClass,
      int ttl,
      int totalLengthBytes,
      int fragmentOffsetBytes,
      boolean moreFragments,
      boolean dontFragment,
      int protocol,
      @Nullable InetAddress source,
      @Nullable InetAddress destination,
      int arpOperation,
      int transportOffset) {
    byte[] bytes = packet.bytes();
    byte[] mac = packet.macHeader();
    boolean ethernet = mac.length >= ETHERNET_HEADER_BYTES;
    int left = fragmentOffsetBytes > 0 ? 0 : bytes.length - transportOffset;
    boolean transport = transportOffset >= 0;
    boolean ports = transport && left >= 4 && hasPorts(protocol);
    boolean icmp = transport && left >= 2 && (protocol == 1 || protocol == 58);
    return new PacketHeaders(
        ethernet ? macAt(mac, MAC_BYTES) : -1,
        ethernet ? macAt(mac, 0) : -1,
        packet.protocol() & 0xffff,
        packet.vlan() < 0 ? -1 : packet.vlan() & 0xfff,
        packet.type(),
        packet.mark() & 0xffffffffL,
        version,
        trafficClass,
        ttl,
        totalLengthBytes,
        fragmentOffsetBytes,
        moreFragments,
        dontFragment,
        protocol,
        source,
        destination,
        ports ? shortAt(bytes, transportOffset) : -1,
        ports ? shortAt(bytes, transportOffset + 2) : -1,
        transport && left >= 14 && protocol == 6 ? bytes[transportOffset + 13] & 0xff : -1,
        icmp ? bytes[transportOffset] & 0xff : -1,
        icmp ? bytes[transportOffset + 1] & 0xff : -1,
        arpOperation,
        transportOffset,
        (moreFragments || fragmentOffsetBytes > 0)
            ? null
            : PayloadChecksum.isBad(protocol, bytes, transportOffset, totalLengthBytes));
  }

  private static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case 6, 17, 33, 132, 136 -> true;
      default -> false;
    };
  }

  private static InetAddress address(byte[] header, int offset, int length) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(header, offset, offset + length));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("addresses have 4 or 16 bytes", e);
    }
  }

  private static int shortAt(byte[] bytes, int offset) {
    return (bytes[offset] & 0xff) << 8 | (bytes[offset + 1] & 0xff);
  }
}
