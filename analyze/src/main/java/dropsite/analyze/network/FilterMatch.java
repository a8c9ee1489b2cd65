package dropsite.analyze.network;

import dropsite.analyze.input.PacketHeaders;
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a tc filter can be for a packet: what cannot be told counts as yes. */
final class FilterMatch {
  private static final Map<String, Integer> PROTOCOLS =
      Map.of("tcp", 6, "udp", 17, "sctp", 132, "icmp", 1, "icmpv6", 58);
  private static final int WORD_BYTES = 4;

  private FilterMatch() {}

  /**
   * @param options of the filter, as tc printed them
   * @param ip the packet from its network header on
   */
  static boolean mayBeFor(Json options, PacketHeaders packet, byte[] ip) {
    Json keys = options.get("keys"); // of flower
    for (String key : keys.names()) {
      if (contradicts(key, keys.get(key).text(), packet)) {
        return false;
      }
    }
    Json match = options.get("match"); // of u32: where several were printed, the last
    return !match.present() || match.get("offmask").text().length() > 0 || matches(match, ip);
  }

  private static boolean contradicts(String key, String value, PacketHeaders packet) {
    return switch (key) {
      case "eth_type" ->
          packet.version() != 0
              && (value.equals("ipv4") || value.equals("ipv6"))
              && !value.equals("ipv" + packet.version());
      case "ip_proto" ->
          PROTOCOLS.containsKey(value)
              && packet.protocol() >= 0
              && PROTOCOLS.get(value) != packet.protocol();
      case "dst_port" -> differs(value, packet.destinationPort());
      case "src_port" -> differs(value, packet.sourcePort());
      case "dst_ip" -> differs(value, packet.destination());
      case "src_ip" -> differs(value, packet.source());
      default -> false;
    };
  }

  private static boolean differs(String value, int port) {
    long number = Numbers.of(value, -1);
    return number >= 0 && port >= 0 && number != port;
  }

  private static boolean differs(String value, @Nullable InetAddress address) {
    if (address == null) {
      return false;
    }
    Prefix prefix = Prefix.of(value, Prefix.isIpv6(address));
    return prefix != null && !prefix.contains(address);
  }

  private static boolean matches(Json match, byte[] ip) {
    long offset = match.get("off").number(-1);
    long value = Numbers.hexadecimal(match.get("value").text(), -1);
    long mask = Numbers.hexadecimal(match.get("mask").text(), -1);
    if (offset < 0 || value < 0 || mask < 0 || offset > ip.length - WORD_BYTES) {
      return true;
    }
    long word = 0;
    for (int i = 0; i < WORD_BYTES; i++) {
      word = word << Byte.SIZE | (ip[(int) offset + i] & 0xff);
    }
    return (word & mask) == value;
  }
}
