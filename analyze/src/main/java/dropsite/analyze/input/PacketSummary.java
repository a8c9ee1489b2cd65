package dropsite.analyze.input;

import dropsite.text.IpText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a packet in words.
 *
 * @param protocol {@code UDP}, {@code TCP}, {@code ICMP}, {@code IPv4 protocol 47}, {@code ARP}, or
 *     {@code ethertype 0x88b5}
 * @param source address; null when the bytes do not show it
 * @param destination address; null when the bytes do not show it
 * @param sourcePort 0 when the bytes do not show it
 * @param destinationPort 0 when the bytes do not show it
 * @param multicast whether the destination address is an IP multicast group
 */
public record PacketSummary(
    String protocol,
    @Nullable String source,
    @Nullable String destination,
    int sourcePort,
    int destinationPort,
    boolean multicast) {
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_ARP = 0x0806;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int IPV4_HEADER_BYTES = 20;
  private static final int IPV6_HEADER_BYTES = 40;

  /**
   * Reads a packet's headers (RFC 791, 8200, 826, 768, 9293); what is cut off stays unknown.
   *
   * @param bytes from the packet
   * @param network where in them the network header begins
   * @param ethertype of the network header; 0 for a packet without one, such as a unix socket's
   * @return null when there is nothing to say
   */
  static @Nullable PacketSummary of(byte[] bytes, int network, int ethertype) {
    if (ethertype == 0) {
      return null;
    }
    byte[] header =
        network < 0 || network > bytes.length
            ? new byte[0]
            : Arrays.copyOfRange(bytes, network, bytes.length);
    return switch (ethertype) {
      case ETHERTYPE_IPV4 -> ipv4(header);
      case ETHERTYPE_IPV6 -> ipv6(header);
      case ETHERTYPE_ARP -> new PacketSummary("ARP", null, null, 0, 0, false);
      default ->
          new PacketSummary(
              "ethertype 0x" + Integer.toHexString(ethertype), null, null, 0, 0, false);
    };
  }

  /** Returns one line, such as {@code UDP 10.2.0.1:40960 to 10.2.0.2:53}. */
  public String inWords() {
    if (source == null || destination == null) {
      return protocol;
    }
    return protocol
        + " "
        + endpoint(source, sourcePort)
        + " to "
        + endpoint(destination, destinationPort);
  }

  private static String endpoint(String address, int port) {
    if (port == 0) {
      return address;
    }
    return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
  }

  private static PacketSummary ipv4(byte[] header) {
    if (header.length < IPV4_HEADER_BYTES || (header[0] & 0xf0) != 0x40) {
      return new PacketSummary("IPv4", null, null, 0, 0, false);
    }
    int protocol = header[9] & 0xff;
    boolean firstFragment = (shortAt(header, 6) & 0x1fff) == 0;
    int transport = firstFragment ? (header[0] & 0xf) * 4 : header.length;
    boolean multicast = (header[16] & 0xf0) == 0xe0;
    return withPorts("IPv4", protocol, header, transport, 12, 4, multicast);
  }

  private static PacketSummary ipv6(byte[] header) {
    if (header.length < IPV6_HEADER_BYTES || (header[0] & 0xf0) != 0x60) {
      return new PacketSummary("IPv6", null, null, 0, 0, false);
    }
    boolean multicast = (header[24] & 0xff) == 0xff;
    return withPorts("IPv6", header[6] & 0xff, header, IPV6_HEADER_BYTES, 8, 16, multicast);
  }

  private static PacketSummary withPorts(
      String version,
      int protocol,
      byte[] header,
      int transport,
      int addresses,
      int addressBytes,
      boolean multicast) {
    String name =
        switch (protocol) {
          case 1 -> "ICMP";
          case 6 -> "TCP";
          case 17 -> "UDP";
          case 58 -> "ICMPv6";
          case 132 -> "SCTP";
          default -> version + " protocol " + protocol;
        };
    boolean ports =
        (protocol == 6 || protocol == 17 || protocol == 132) && transport + 4 <= header.length;
    return new PacketSummary(
        name,
        address(header, addresses, addressBytes),
        address(header, addresses + addressBytes, addressBytes),
        ports ? shortAt(header, transport) : 0,
        ports ? shortAt(header, transport + 2) : 0,
        multicast);
  }

  private static String address(byte[] header, int offset, int length) {
    return IpText.of(Arrays.copyOfRange(header, offset, offset + length));
  }

  private static int shortAt(byte[] bytes, int offset) {
    return (bytes[offset] & 0xff) << 8 | (bytes[offset + 1] & 0xff);
  }
}
