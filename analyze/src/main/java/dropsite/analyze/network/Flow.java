package dropsite.analyze.network;

import dropsite.analyze.input.PacketHeaders;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What routing looks at in a packet.
 *
 * @param input device that it came in by, {@code lo} when this host sends it; null when not known
 * @param mark of the packet (fwmark)
 * @param trafficClass TOS or traffic class
 * @param protocol IPPROTO_*; -1 when not known
 * @param sourcePort -1 when not known
 * @param destinationPort -1 when not known
 * @param sentHere whether this host sends it, from an address of its own
 */
record Flow(
    InetAddress source,
    InetAddress destination,
    @Nullable String input,
    long mark,
    int trafficClass,
    int protocol,
    int sourcePort,
    int destinationPort,
    boolean sentHere) {

  static final String LOOPBACK = "lo";

  /** Returns how a packet is looked up; null when its addresses were not recorded. */
  static @Nullable Flow of(PacketHeaders packet, @Nullable String input) {
    InetAddress source = packet.source();
    InetAddress destination = packet.destination();
    return packet.version() == 0 || source == null || destination == null
        ? null
        : new Flow(
            source,
            destination,
            input,
            packet.mark(),
            Math.max(packet.trafficClass(), 0),
            packet.protocol(),
            packet.sourcePort(),
            packet.destinationPort(),
            LOOPBACK.equals(input));
  }

  /**
   * Returns how the way back to the source is looked up: as if this host sent it
   * (net/ipv4/fib_frontend.c).
   *
   * @param keptMark 0 unless the device says that marks count (src_valid_mark)
   */
  Flow back(long keptMark) {
    return new Flow(
        /* source= */ destination,
        /* destination= */ source,
        LOOPBACK,
        keptMark,
        trafficClass,
        protocol,
        /* sourcePort= */ destinationPort,
        /* destinationPort= */ sourcePort,
        /* sentHere= */ false);
  }

  boolean ipv6() {
    return Prefix.isIpv6(destination);
  }
}
