package dropsite.capture.file;

import dropsite.bytes.ByteSink;
import dropsite.capture.DropEvent;
import dropsite.capture.DropEvent.Device;
import dropsite.capture.DropEvent.Packet;
import dropsite.capture.host.HostKernel.ClockReading;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes events as packets, and the interfaces that they were met on. */
final class PacketBlocks {
  private static final int ARPHRD_ETHER = 1;
  private static final int ARPHRD_FRAD = 770;
  private static final int ARPHRD_IEEE80211 = 801;
  private static final int ARPHRD_IEEE80211_PRISM = 802;
  private static final int ARPHRD_IEEE80211_RADIOTAP = 803;
  private static final int ARPHRD_NETLINK = 824;
  private static final int ARPHRD_NONE = 0xfffe;
  private static final int ETHERNET_HEADER_BYTES = 14;
  private static final int ETHERNET_ADDRESS_BYTES = 6;
  private static final int LINK_ADDRESS_BYTES = 8;

  /** A box that makes and deletes devices all the time must not fill memory or the file. */
  private static final int MOST_INTERFACES = 4096;

  private static final byte[] NOTHING = {};

  private final BlockSink blocks;
  private final long recording;
  private final EventFields fields;
  private final Map<Device, Integer> interfaces = new HashMap<>();

  private int nextInterface = 1;

  /** CLOCK_REALTIME minus CLOCK_BOOTTIME. */
  private long realMinusBootNanos;

  PacketBlocks(BlockSink blocks, long recording, ClockReading clock) {
    this.blocks = blocks;
    this.recording = recording;
    this.fields = new EventFields(blocks.bytes());
    clock(clock);
  }

  /** Takes the time of later events from a later reading. */
  void clock(ClockReading clock) {
    realMinusBootNanos = clock.realNanos() - clock.bootNanos();
  }

  /** Begins a file: it has only the interface without a device. */
  void begin() {
    interfaces.clear();
    nextInterface = 1;
  }

  /** Leaves out the number of an interface that somebody else has written. */
  void skipInterface() {
    nextInterface++;
  }

  /** Returns the time of an event by the last reading of the clocks. */
  long realNanos(DropEvent event) {
    return event.bootNanos() + realMinusBootNanos;
  }

  void write(DropEvent event, long realNanos, @Nullable String comment) {
    int interfaceId = interfaceOf(event.device());
    Packet packet = event.packet();
    byte[] bytes = packet.bytes();
    int captured = Math.min(bytes.length, Format.MOST_PACKET_BYTES);
    long original =
        Math.min(Math.max(packet.originalBytes(), captured), Format.MOST_ORIGINAL_BYTES);
    ByteSink out = blocks.bytes();
    blocks.begin(Format.ENHANCED_PACKET);
    out.u32(interfaceId);
    out.u32((int) (realNanos >>> Integer.SIZE));
    out.u32((int) realNanos);
    out.u32(Format.LINK_HEADER_BYTES + captured);
    out.u32((int) (Format.LINK_HEADER_BYTES + original));
    writeLinkHeader(out, event.device(), packet);
    out.raw(bytes, 0, captured);
    blocks.pad();
    if (comment != null) {
      blocks.textOption(Format.OPTION_COMMENT, CaptureCopy.bounded(comment));
    }
    blocks.beginOption(Format.OPTION_CUSTOM);
    blocks.envelope(0);
    fields.write(event);
    blocks.endOption();
    blocks.endOfOptions();
    blocks.end();
  }

  private int interfaceOf(Device device) {
    if (device.ifindex() == 0) {
      return 0;
    }
    Integer known = interfaces.get(device);
    if (known != null) {
      return known;
    }
    if (interfaces.size() == MOST_INTERFACES) {
      return 0;
    }
    int id = nextInterface++;
    interfaces.put(device, id);
    String name = printable(device.name());
    FileHead.writeInterface(
        blocks,
        name.isEmpty() ? "if" + device.ifindex() : name,
        "ifindex " + device.ifindex() + " in network namespace " + device.netns(),
        recording,
        new ByteSink());
    return id;
  }

  /** Wireshark shows the name: whoever makes an interface chooses its bytes. */
  private static String printable(String name) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      safe.append(c > ' ' && c < 0x7f ? c : '?');
    }
    return safe.toString();
  }

  /** Writes the header of LINKTYPE_LINUX_SLL2; its numbers are big-endian. */
  private static void writeLinkHeader(ByteSink out, Device device, Packet packet) {
    // Without a network header nothing follows that this could be the protocol of.
    bigEndian16(out, packet.bytes().length == 0 ? 0 : packet.protocol());
    out.u16(0);
    bigEndian16(out, device.ifindex() >>> 16);
    bigEndian16(out, device.ifindex());
    bigEndian16(out, linkType(device.hardwareType()));
    out.u8(Math.max(packet.type(), 0));
    byte[] address = NOTHING;
    if (device.hardwareType() == ARPHRD_ETHER
        && packet.macHeader().length >= ETHERNET_HEADER_BYTES) {
      address = packet.macHeader();
    }
    out.u8(address.length == 0 ? 0 : ETHERNET_ADDRESS_BYTES);
    for (int i = 0; i < LINK_ADDRESS_BYTES; i++) {
      // The source's address, which stands behind the destination's.
      boolean used = address.length != 0 && i < ETHERNET_ADDRESS_BYTES;
      out.u8(used ? address[ETHERNET_ADDRESS_BYTES + i] : 0);
    }
  }

  /** Returns a type that does not change what the protocol means: packets have no link header. */
  private static int linkType(int hardwareType) {
    return switch (hardwareType) {
      case -1,
          ARPHRD_FRAD,
          ARPHRD_IEEE80211,
          ARPHRD_IEEE80211_PRISM,
          ARPHRD_IEEE80211_RADIOTAP,
          ARPHRD_NETLINK ->
          ARPHRD_NONE;
      default -> hardwareType;
    };
  }

  private static void bigEndian16(ByteSink out, int value) {
    out.u8(value >>> 8);
    out.u8(value);
  }
}
