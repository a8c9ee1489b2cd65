package dropsite.capture.tracefs;

import dropsite.bytes.Bytes;
import dropsite.capture.DropEvent;
import dropsite.capture.DropEvent.Device;
import dropsite.capture.DropEvent.Packet;
import dropsite.capture.DropEvent.Socket;
import dropsite.capture.DropEvent.Task;
import dropsite.capture.tracefs.Offsets.Place;
import java.nio.ByteOrder;
import java.util.Optional;

/** Turns records of a drop's event into drop events; of those without a probe, what they have. */
final class DropDecoder {
  private static final long[] NO_STACK = {};
  private static final byte[] NOTHING = {};

  /** Bits of common_flags (include/linux/trace_events.h). */
  static final int HARD_INTERRUPT = 0x08;

  static final int SOFT_INTERRUPT = 0x10;
  static final int NON_MASKABLE_INTERRUPT = 0x40;

  private static final int INTERRUPTED = HARD_INTERRUPT | SOFT_INTERRUPT | NON_MASKABLE_INTERRUPT;

  /** What skb-&gt;mac_header holds while it is not set. */
  private static final int NO_HEADER = 0xffff;

  /** Longer than the header of any link layer. */
  private static final int LONGEST_LINK_HEADER = 64;

  /** Sockets that are not full ones (net/tcp_states.h), and have neither type nor protocol. */
  private static final int TIME_WAIT = 6;

  private static final int NEW_SYN_RECV = 12;

  private static final int SUBSYSTEM_MASK = 0x7fff_ffff;

  private final EventFormat format;
  private final boolean consumed;
  private final int snapBytes;
  private final Optional<Place> packetType;
  private final Optional<Place> vlanPresent;
  private final TaskNames tasks;
  private long packetsUnreadable;

  /**
   * @param format of the event, a probe's or the tracepoint's own
   * @param offsets the probe was made with; only its bit fields matter
   */
  DropDecoder(
      EventFormat format,
      boolean consumed,
      int snapBytes,
      Optional<Offsets> offsets,
      TaskNames tasks) {
    this.format = format;
    this.consumed = consumed;
    this.snapBytes = snapBytes;
    this.packetType = offsets.flatMap(o -> o.place("sk_buff.pkt_type"));
    this.vlanPresent = offsets.flatMap(o -> o.place("sk_buff.vlan_present"));
    this.tasks = tasks;
  }

  /** Returns of how many packets the network header was out of the probe's reach. */
  long packetsUnreadable() {
    return packetsUnreadable;
  }

  /** Returns the event, without its stack. */
  DropEvent decode(int cpu, long bootNanos, Bytes bytes) {
    TraceRecord record = new TraceRecord(bytes, format);
    boolean interrupted = (record.number("common_flags") & INTERRUPTED) != 0;
    Task task =
        tasks.of((int) record.number("common_pid"), record.string("task_comm"), interrupted);
    String socket = isPointer(record.number("sk")) ? "sk" : "rx_sk";
    return new DropEvent(
        bootNanos,
        cpu,
        consumed,
        record.number("skbaddr"),
        record.number("location"),
        record.has("reason") ? (int) record.number("reason") & SUBSYSTEM_MASK : DropEvent.NO_REASON,
        NO_STACK,
        false,
        task,
        device(record, socket),
        socket(record, socket),
        packet(record));
  }

  /**
   * Returns whether a fetched word is an address of the kernel: where skb-&gt;dev and others are
   * not set, their memory holds small numbers.
   */
  private static boolean isPointer(long word) {
    return word < 0;
  }

  private static Device device(TraceRecord record, String socket) {
    boolean known = isPointer(record.number("dev"));
    String namespace = known ? "dev" : socket;
    boolean inNamespace = isPointer(record.number(namespace));
    return new Device(
        known ? (int) record.number("dev_ifindex") : 0,
        known ? record.string("dev_name") : "",
        known && record.has("dev_type") ? (int) record.number("dev_type") : -1,
        inNamespace ? record.number(namespace + "_netns") : 0,
        inNamespace ? record.number(namespace + "_netcookie") : 0);
  }

  private static Socket socket(TraceRecord record, String socket) {
    if (!isPointer(record.number(socket)) || !record.has(socket + "_family")) {
      return Socket.NONE;
    }
    int state = (int) record.number(socket + "_state");
    boolean full = state != TIME_WAIT && state != NEW_SYN_RECV;
    return new Socket(
        (int) record.number(socket + "_family"),
        full ? (int) record.number(socket + "_type") : 0,
        state,
        full ? (int) record.number(socket + "_protocol") : 0,
        record.number(socket + "_cookie"));
  }

  private Packet packet(TraceRecord record) {
    int protocol =
        record.has("protocol")
            ? (int) record.number("protocol")
            : hostOrder((int) record.number("skb_protocol"));
    if (!record.has("head0")) {
      return new Packet(protocol, -1, -1, 0, -1, NOTHING, NOTHING, 0);
    }
    long length = record.number("skb_len");
    int network = (int) record.number("skb_network_header");
    long tail = record.number("skb_tail");
    byte[] bytes = NOTHING;
    byte[] link = NOTHING;
    long original = 0;
    if (protocol != 0 && network > 0 && network < tail) {
      bytes = bytes(record, network, Math.min(snapBytes, tail - network));
      if (bytes.length == 0) {
        packetsUnreadable++;
      }
      // len counts from data, which moves with the layer that is being read.
      long data = record.number("skb_data") - record.number("skb_head");
      original = Math.max(length + data - network, bytes.length);
      int mac = (int) record.number("skb_mac_header");
      if (mac != NO_HEADER && mac < network && network - mac <= LONGEST_LINK_HEADER) {
        link = bytes(record, mac, network - mac);
      }
    }
    return new Packet(
        protocol,
        packetType.map(place -> bits(record.number("skb_pkt_type"), place)).orElse(-1),
        length,
        record.number("skb_mark"),
        vlan(record),
        link,
        bytes,
        original);
  }

  /** Returns bytes of the buffer, counted from skb-&gt;head, as far as they were fetched. */
  private static byte[] bytes(TraceRecord record, int from, long count) {
    int fetched = 0;
    while (record.has("head" + fetched / EventProbe.BLOCK_BYTES)) {
      fetched += EventProbe.BLOCK_BYTES;
    }
    byte[] bytes = new byte[(int) Math.clamp(fetched - from, 0, count)];
    for (int done = 0; done < bytes.length; ) {
      int start = (from + done) % EventProbe.BLOCK_BYTES;
      int part = Math.min(EventProbe.BLOCK_BYTES - start, bytes.length - done);
      record.copy("head" + (from + done) / EventProbe.BLOCK_BYTES, start, bytes, done, part);
      done += part;
    }
    return bytes;
  }

  private int vlan(TraceRecord record) {
    boolean present =
        vlanPresent
            .map(place -> bits(record.number("skb_vlan_present"), place) != 0)
            // Later kernels have no such bit: the tag is there when its protocol is.
            .orElseGet(() -> record.number("skb_vlan_proto") != 0);
    return present ? (int) record.number("skb_vlan_tci") : -1;
  }

  private static int bits(long unit, Place place) {
    int low =
        ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
            ? Byte.SIZE - place.firstBit() - place.bits()
            : place.firstBit();
    return (int) (unit >>> low) & ((1 << place.bits()) - 1);
  }

  private static int hostOrder(int networkOrder) {
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
        ? networkOrder
        : Short.toUnsignedInt(Short.reverseBytes((short) networkOrder));
  }
}
