package dropsite.capture.filter;

import dropsite.capture.DropEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a packet says of its transport layer: found behind IPv4's options and IPv6's extension
 * headers (RFC 8200 §4), as far as the recorded bytes go.
 *
 * @param protocol IPPROTO_*
 * @param offset where its header begins; -1 when the packet is not a first fragment or was cut
 */
record TransportHeader(int protocol, int offset) {
  private static final int ETH_P_IP = 0x0800;
  private static final int ETH_P_IPV6 = 0x86dd;
  private static final int VERSION_4 = 4;
  private static final int VERSION_6 = 6;
  private static final int IPV4_BYTES = 20;
  private static final int IPV6_BYTES = 40;
  private static final int FRAGMENT_OFFSET_MASK = 0x1fff;

  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int AUTHENTICATION = 51;
  private static final int DESTINATION = 60;

  /** As many as the probe in the kernel follows, so that both answer alike. */
  private static final int MOST_EXTENSIONS = 6;

  /** Returns 4 or 6, or 0 when this is no whole header of IP. */
  static int version(DropEvent.Packet packet) {
    return switch (packet.protocol()) {
      case ETH_P_IP -> packet.bytes().length >= IPV4_BYTES ? VERSION_4 : 0;
      case ETH_P_IPV6 -> packet.bytes().length >= IPV6_BYTES ? VERSION_6 : 0;
      default -> 0;
    };
  }

  static @Nullable TransportHeader find(DropEvent.Packet packet) {
    byte[] bytes = packet.bytes();
    return switch (version(packet)) {
      case VERSION_4 -> {
        boolean first = (u16(bytes, 6) & FRAGMENT_OFFSET_MASK) == 0;
        yield new TransportHeader(bytes[9] & 0xff, first ? (bytes[0] & 0xf) * 4 : -1);
      }
      case VERSION_6 -> behindExtensions(bytes);
      default -> null;
    };
  }

  private static TransportHeader behindExtensions(byte[] bytes) {
    int next = bytes[6] & 0xff;
    int at = IPV6_BYTES;
    for (int i = 0; i < MOST_EXTENSIONS && isExtension(next); i++) {
      if (at + 8 > bytes.length) {
        return new TransportHeader(next, -1);
      }
      int now = next;
      next = bytes[at] & 0xff;
      if (now == FRAGMENT) {
        if (u16(bytes, at + 2) >> 3 != 0) {
          return new TransportHeader(next, -1);
        }
        at += 8;
      } else {
        int length = bytes[at + 1] & 0xff;
        // RFC 4302 §2.2 counts in 4 bytes, less 2; RFC 8200 §4.3 in 8 bytes, less 1.
        at += now == AUTHENTICATION ? (length + 2) * 4 : (length + 1) * 8;
      }
    }
    return new TransportHeader(next, at);
  }

  private static boolean isExtension(int protocol) {
    return switch (protocol) {
      case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION -> true;
      default -> false;
    };
  }

  /** Big-endian, as all numbers of a packet. */
  static int u16(byte[] bytes, int offset) {
    return ((bytes[offset] & 0xff) << Byte.SIZE) | (bytes[offset + 1] & 0xff);
  }
}
