package dropsite.analyze.firewall;

import dropsite.capture.DropEvent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Packets as a probe records them. */
final class Packets {
  private static final byte[] MAC_HEADER =
      HexFormat.of().parseHex("020000000002" + "020000000001" + "0800");
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int IPV4_HEADER_BYTES = 20;
  private static final int TRANSPORT_BYTES = 20;

  private Packets() {}

  static DropEvent.Packet udp(String source, String destination, int sport, int dport) {
    return ports(UDP, source, destination, sport, dport, 0);
  }

  static DropEvent.Packet tcp(String source, String destination, int sport, int dport, int flags) {
    return ports(TCP, source, destination, sport, dport, flags);
  }

  private static DropEvent.Packet ports(
      int protocol, String source, String destination, int sport, int dport, int flags) {
    ByteBuffer transport = ByteBuffer.allocate(TRANSPORT_BYTES);
    transport.putShort((short) sport).putShort((short) dport);
    if (protocol == TCP) {
      transport.put(12, (byte) 0x50).put(13, (byte) flags);
    }
    return ip(protocol, source, destination, transport.array());
  }

  static DropEvent.Packet icmp(String source, String destination, int type, int code) {
    boolean four = source.indexOf(':') < 0;
    return ip(four ? 1 : 58, source, destination, new byte[] {(byte) type, (byte) code, 0, 0});
  }

  static DropEvent.Packet ip(int protocol, String source, String destination, byte[] transport) {
    byte[] from = address(source);
    byte[] to = address(destination);
    ByteBuffer ip;
    if (from.length == 4) {
      ip = ByteBuffer.allocate(IPV4_HEADER_BYTES + transport.length);
      ip.put((byte) 0x45).put((byte) 0).putShort((short) ip.capacity()).putInt(0);
      ip.put((byte) 64).put((byte) protocol).putShort((short) 0);
    } else {
      ip = ByteBuffer.allocate(40 + transport.length);
      ip.putInt(0x60000000).putShort((short) transport.length).put((byte) protocol).put((byte) 64);
    }
    ip.put(from).put(to).put(transport);
    return packet(from.length == 4 ? 0x0800 : 0x86dd, ip.array());
  }

  static DropEvent.Packet arp(int operation, String mac, String sender, String target) {
    ByteBuffer arp = ByteBuffer.allocate(28);
    arp.putInt(0x00010800).putShort((short) 0x0604).putShort((short) operation);
    arp.put(HexFormat.ofDelimiter(":").parseHex(mac)).put(address(sender));
    arp.put(new byte[6]).put(address(target));
    return packet(0x0806, arp.array());
  }

  static DropEvent.Packet packet(int etherType, byte[] bytes) {
    byte[] mac = MAC_HEADER.clone();
    mac[12] = (byte) (etherType >> 8);
    mac[13] = (byte) etherType;
    return new DropEvent.Packet(etherType, 0, bytes.length, 0, -1, mac, bytes, bytes.length);
  }

  static DropEvent.Packet marked(DropEvent.Packet packet, long mark) {
    return new DropEvent.Packet(
        packet.protocol(),
        packet.type(),
        packet.lengthBytes(),
        mark,
        packet.vlan(),
        packet.macHeader(),
        packet.bytes(),
        packet.originalBytes());
  }

  private static byte[] address(String text) {
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
