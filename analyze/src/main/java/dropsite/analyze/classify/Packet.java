package dropsite.analyze.classify;

import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketHeaders;
import dropsite.analyze.input.PacketSummary;
import dropsite.text.IpText;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** An event's packet, its headers read only when a rule asks for them. */
final class Packet {
  private static final int OTHER_HOST = 3;
  private static final long ALL_HOSTS = 0xffffffffffffL;
  private static final long GROUP_BIT = 1L << 40;

  private final EventFacts facts;
  private @Nullable PacketHeaders headers;

  Packet(EventFacts facts) {
    this.facts = facts;
  }

  /** Returns the headers, or null when the recording has no bytes. */
  @Nullable PacketHeaders headers() {
    PacketHeaders read = headers;
    if (read == null && facts.drop() != null) {
      read = PacketHeaders.of(facts.drop().packet());
      headers = read;
    }
    return read;
  }

  /** Returns {@code UDP}, {@code ARP} and so on; null when the bytes do not show it. */
  @Nullable String protocol() {
    PacketSummary summary = facts.packet();
    return summary == null ? null : summary.protocol();
  }

  /** Returns {@code ip}, {@code ip6} or {@code arp}; null when the bytes do not show it. */
  @Nullable String family() {
    PacketHeaders read = headers();
    String protocol = protocol();
    if (read != null && read.version() > 0) {
      return read.version() == 4 ? "ip" : "ip6";
    }
    if (protocol == null) {
      return null;
    }
    PacketSummary summary = facts.packet();
    String address = summary == null ? null : summary.destination();
    if (address != null) {
      return address.indexOf(':') >= 0 ? "ip6" : "ip";
    }
    return protocol.equals("ARP") ? "arp" : null;
  }

  /** Returns whether the destination is an IP multicast group; null when not known. */
  @Nullable Boolean multicast() {
    PacketSummary summary = facts.packet();
    if (summary == null || summary.destination() == null) {
      return null;
    }
    return summary.multicast();
  }

  /** Returns whether the destination is 255.255.255.255 or the frame is a broadcast. */
  @Nullable Boolean broadcast() {
    PacketHeaders read = headers();
    if (read == null) {
      return null;
    }
    if (read.macTo() == ALL_HOSTS || read.packetType() == 1) {
      return true;
    }
    InetAddress destination = read.destination();
    if (destination == null) {
      return null;
    }
    if (IpText.of(destination).equals("255.255.255.255")) {
      return true;
    }
    if (read.packetType() < 0) {
      return null;
    }
    return false;
  }

  /** Returns whether the frame's MAC address is another host's; null when not known. */
  @Nullable Boolean otherHost() {
    PacketHeaders read = headers();
    if (read == null || read.packetType() < 0) {
      return null;
    }
    return read.packetType() == OTHER_HOST;
  }

  /**
   * Returns whether the source MAC address is a group's or zero (IEEE 802); null when not known.
   */
  @Nullable Boolean badMacSource() {
    PacketHeaders read = headers();
    if (read == null || read.macFrom() < 0) {
      return null;
    }
    return (read.macFrom() & GROUP_BIT) != 0 || read.macFrom() == 0;
  }

  /** Returns whether the checksum behind the IP header is wrong; null when that cannot be told. */
  @Nullable Boolean badChecksum() {
    PacketHeaders read = headers();
    return read == null ? null : read.badChecksum();
  }

  /** Returns whether it is a fragment; null when not known. */
  @Nullable Boolean fragment() {
    PacketHeaders read = headers();
    if (read == null || read.fragmentOffsetBytes() < 0) {
      return null;
    }
    return read.fragmentOffsetBytes() > 0 || read.moreFragments();
  }

  /** Returns whether it must not be fragmented; null when not known. */
  @Nullable Boolean dontFragment() {
    PacketHeaders read = headers();
    if (read == null || read.version() != 4) {
      return null;
    }
    return read.dontFragment();
  }
}
