package dropsite.capture.host;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import dropsite.capture.libc.RouteSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A network device, as rtnetlink(7) tells of it.
 *
 * @param ifindex within its namespace
 * @param name bytes of its name, each a char of ISO 8859-1
 * @param hardwareType ARPHRD_*
 * @param kind of a device that software makes, such as {@code veth}; empty for hardware, loopback
 *     and some old tunnels
 */
record Link(int ifindex, String name, int hardwareType, String kind) {
  // uapi/linux/netlink.h, rtnetlink.h and if_link.h
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_GETLINK = 18;
  private static final int NLM_F_REQUEST = 0x1;
  private static final int NLM_F_DUMP = 0x300;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int HEADER_BYTES = 16;
  private static final int LINK_BYTES = 16;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;
  private static final int TYPE_MASK = 0x3fff; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER
  private static final int ALIGNMENT = 4;

  private static final int ARPHRD_ETHER = 1;
  private static final int MOST_LINKS = 1 << 14;
  private static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

  /** Returns whether it may be a network card: those have counters of their own. */
  boolean mayBeHardware() {
    return hardwareType == ARPHRD_ETHER && kind.isEmpty();
  }

  /** Returns the devices of the network namespace that the calling thread is in. */
  static List<Link> all() throws IOException {
    List<Link> links = new ArrayList<>();
    try (RouteSocket socket = RouteSocket.open()) {
      socket.send(
          ByteBuffer.allocate(HEADER_BYTES + LINK_BYTES)
              .order(ByteOrder.nativeOrder())
              .putInt(HEADER_BYTES + LINK_BYTES)
              .putShort((short) RTM_GETLINK)
              .putShort((short) (NLM_F_REQUEST | NLM_F_DUMP))
              .array());
      while (links.size() < MOST_LINKS && read(socket.receive(), links)) {}
    } catch (MalformedInputException e) {
      throw new IOException(e.getMessage(), e);
    }
    return links;
  }

  /**
   * Reads one datagram of the answer.
   *
   * @return whether more follow
   */
  static boolean read(byte[] datagram, List<Link> links) throws IOException {
    Bytes bytes = new Bytes("netlink", "links", MemorySegment.ofArray(datagram), BIG_ENDIAN);
    for (long at = 0; at < bytes.sizeBytes(); ) {
      ByteCursor header = bytes.cursor(at);
      long size = header.u32();
      int type = header.u16();
      if (type == NLMSG_DONE) {
        return false;
      }
      if (type == NLMSG_ERROR) {
        throw new IOException("netlink: refused");
      }
      if (size < HEADER_BYTES) {
        throw header.malformed("a message of " + size + " bytes");
      }
      if (type == RTM_NEWLINK) {
        links.add(link(bytes.slice("link", at + HEADER_BYTES, size - HEADER_BYTES)));
      }
      at += padded(size);
    }
    return true;
  }

  private static Link link(Bytes message) {
    ByteCursor fixed = message.cursor(0);
    fixed.skip(2); // family
    int hardwareType = fixed.u16();
    int ifindex = fixed.s32();
    String name = "";
    String kind = "";
    Bytes attributes = message.slice("link", LINK_BYTES, message.sizeBytes() - LINK_BYTES);
    for (Attribute each : Attribute.all(attributes)) {
      if (each.type == IFLA_IFNAME) {
        name = each.text();
      } else if (each.type == IFLA_LINKINFO) {
        kind =
            Attribute.all(each.value).stream()
                .filter(inner -> inner.type == IFLA_INFO_KIND)
                .map(Attribute::text)
                .findFirst()
                .orElse("");
      }
    }
    return new Link(ifindex, name, hardwareType, kind);
  }

  private static long padded(long size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** One attribute of a message: {@code struct nlattr}. */
  private record Attribute(int type, Bytes value) {
    static List<Attribute> all(Bytes bytes) {
      List<Attribute> attributes = new ArrayList<>();
      for (long at = 0; at < bytes.sizeBytes(); ) {
        ByteCursor header = bytes.cursor(at);
        int size = header.u16();
        int type = header.u16() & TYPE_MASK;
        if (size < ALIGNMENT) {
          throw header.malformed("an attribute of " + size + " bytes");
        }
        attributes.add(
            new Attribute(type, bytes.slice("attribute", at + ALIGNMENT, size - ALIGNMENT)));
        at += padded(size);
      }
      return attributes;
    }

    /** Up to the first zero. */
    String text() {
      String text = new String(value.copy(0, (int) value.sizeBytes()), StandardCharsets.ISO_8859_1);
      int end = text.indexOf(0);
      return end < 0 ? text : text.substring(0, end);
    }
  }
}
