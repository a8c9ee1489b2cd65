package dropsite.capture.file;

import dropsite.capture.DropEvent.Packet;

/** A packet with the source address and source port of another flow; checksums stay as they are. */
final class VariedPacket {
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86dd;
  private static final int TCP = 6;
  private static final int UDP = 17;

  private static final int IPV4_FIXED_BYTES = 20;
  private static final int IPV4_PROTOCOL = 9;
  private static final int IPV4_SOURCE_HOST = 13;
  private static final int IPV6_FIXED_BYTES = 40;
  private static final int IPV6_NEXT_HEADER = 6;
  private static final int IPV6_SOURCE_HOST = 21;

  /** Odd, so that different flows have different addresses up to 2^24 of them. */
  private static final int SPREAD = 0x9e3779b1;

  private static final int LOWEST_PORT = 1024;
  private static final int PORTS = 60_000;

  private VariedPacket() {}

  /**
   * Returns the packet as one of a flow.
   *
   * @param flow 0 gives the packet itself
   */
  static Packet of(Packet packet, int flow) {
    byte[] bytes = packet.bytes();
    boolean four = packet.protocol() == IPV4 && bytes.length >= IPV4_FIXED_BYTES;
    boolean six = packet.protocol() == IPV6 && bytes.length >= IPV6_FIXED_BYTES;
    if (flow == 0 || !(four || six)) {
      return packet;
    }
    byte[] varied = bytes.clone();
    int host = flow * SPREAD;
    int at = four ? IPV4_SOURCE_HOST : IPV6_SOURCE_HOST;
    varied[at] ^= (byte) (host >> 16);
    varied[at + 1] ^= (byte) (host >> 8);
    varied[at + 2] ^= (byte) host;
    int transport = four ? (bytes[0] & 15) * 4 : IPV6_FIXED_BYTES;
    int protocol = bytes[four ? IPV4_PROTOCOL : IPV6_NEXT_HEADER];
    if ((protocol == TCP || protocol == UDP) && transport + 2 <= bytes.length) {
      int port = LOWEST_PORT + flow % PORTS;
      varied[transport] = (byte) (port >> 8);
      varied[transport + 1] = (byte) port;
    }
    return new Packet(
        packet.protocol(),
        packet.type(),
        packet.lengthBytes(),
        packet.mark(),
        packet.vlan(),
        packet.macHeader(),
        varied,
        packet.originalBytes());
  }
}
