package dropsite.analyze.input;

import dropsite.text.IpText;
import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A packet as tools print it: its protocol, and where it comes from and goes to. */
final class TuplePacket {

  private TuplePacket() {}

  /**
   * Returns what is known of a packet, or null when these are no addresses.
   *
   * @param protocol {@code tcp}, {@code UDP}, {@code icmp6}
   * @param source {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}, {@code 2001:db8::1:80}; without
   *     port for protocols that have none
   * @param destination likewise
   */
  static @Nullable PacketSummary of(String protocol, String source, String destination) {
    String name = protocol.toUpperCase(Locale.ROOT);
    boolean ports = name.equals("TCP") || name.equals("UDP");
    if (!ports && !name.startsWith("ICMP")) {
      return null;
    }
    // Ports of protocols without any are printed as 0 by some.
    Endpoint from = Endpoint.of(source, ports || source.endsWith(":0"));
    Endpoint to = Endpoint.of(destination, ports || destination.endsWith(":0"));
    return from == null || to == null
        ? null
        : new PacketSummary(
            ports || name.equals("ICMP") ? name : "ICMPv6",
            IpText.of(from.address),
            IpText.of(to.address),
            from.port,
            to.port,
            to.address.isMulticastAddress());
  }

  /** An address and a port, 0 where the protocol has none. */
  private record Endpoint(InetAddress address, int port) {

    static @Nullable Endpoint of(String text, boolean withPort) {
      int colon = withPort ? text.lastIndexOf(':') : text.length();
      if (colon < 0) {
        return null;
      }
      String address = text.substring(0, colon);
      if (address.startsWith("[") && address.endsWith("]")) {
        address = address.substring(1, address.length() - 1);
      }
      try {
        return new Endpoint(
            InetAddress.ofLiteral(address),
            withPort ? Integer.parseInt(text.substring(colon + 1)) : 0);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
  }
}
