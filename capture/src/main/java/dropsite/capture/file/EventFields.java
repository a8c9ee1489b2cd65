package dropsite.capture.file;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.ByteSink;
import dropsite.capture.DropEvent;
import dropsite.capture.DropEvent.Device;
import dropsite.capture.DropEvent.Packet;
import dropsite.capture.DropEvent.Socket;
import dropsite.capture.DropEvent.Task;
import java.util.Arrays;

/** The facts of an event that stand in the option of its packet; codes as in the specification. */
final class EventFields {
  private static final int BOOT_NANOS = 1;
  private static final int CPU = 2;
  private static final int CONSUMED = 3;
  private static final int SKB = 4;
  private static final int LOCATION = 5;
  private static final int REASON = 6;
  private static final int STACK = 7;
  private static final int STACK_CUT = 8;
  private static final int PID = 9;
  private static final int TID = 10;
  private static final int COMM = 11;
  private static final int CGROUP = 12;
  private static final int INTERRUPTED = 13;
  private static final int IFINDEX = 14;
  private static final int IFNAME = 15;
  private static final int HARDWARE_TYPE = 16;
  private static final int NETNS = 17;
  private static final int NETNS_COOKIE = 18;
  private static final int SOCKET_FAMILY = 19;
  private static final int SOCKET_TYPE = 20;
  private static final int SOCKET_STATE = 21;
  private static final int SOCKET_PROTOCOL = 22;
  private static final int SOCKET_COOKIE = 23;
  private static final int PROTOCOL = 24;
  private static final int PACKET_TYPE = 25;
  private static final int LENGTH = 26;
  private static final int MARK = 27;
  private static final int VLAN = 28;
  private static final int MAC_HEADER = 29;

  /** Longer than that of any link layer; what the field says has to fit into an option. */
  private static final int LONGEST_MAC_HEADER_BYTES = 256;

  private final FieldSink fields;
  private final ByteSink stack = new ByteSink();

  /** Writes to a sink, event after event. */
  EventFields(ByteSink out) {
    this.fields = new FieldSink(out);
  }

  void write(DropEvent event) {
    fields.number(BOOT_NANOS, event.bootNanos());
    fields.number32Unless(0, CPU, event.cpu());
    fields.flag(CONSUMED, event.consumed());
    fields.numberUnless(0, SKB, event.skb());
    fields.numberUnless(0, LOCATION, event.location());
    fields.number32Unless(DropEvent.NO_REASON, REASON, event.reason());
    writeStack(event.stack());
    fields.flag(STACK_CUT, event.stackCut());
    write(event.task());
    write(event.device());
    write(event.socket());
    write(event.packet());
  }

  /**
   * Neighbours in a stack are near each other: the difference from one address to the next takes
   * four bytes, where the address would take eight.
   */
  private void writeStack(long[] addresses) {
    if (addresses.length == 0) {
      return;
    }
    stack.clear();
    long previous = 0;
    for (int i = 0; i < Math.min(addresses.length, Format.MOST_FRAMES); i++) {
      stack.sleb(addresses[i] - previous);
      previous = addresses[i];
    }
    fields.nested(STACK, stack);
  }

  private void write(Task task) {
    fields.number32Unless(0, PID, task.pid());
    fields.number32Unless(0, TID, task.tid());
    fields.raw(COMM, task.comm());
    fields.numberUnless(0, CGROUP, task.cgroupId());
    fields.flag(INTERRUPTED, task.interrupted());
  }

  private void write(Device device) {
    fields.number32Unless(0, IFINDEX, device.ifindex());
    fields.raw(IFNAME, device.name());
    fields.number32Unless(-1, HARDWARE_TYPE, device.hardwareType());
    fields.numberUnless(0, NETNS, device.netns());
    fields.numberUnless(0, NETNS_COOKIE, device.netnsCookie());
  }

  private void write(Socket socket) {
    fields.number32Unless(0, SOCKET_FAMILY, socket.family());
    fields.number32Unless(0, SOCKET_TYPE, socket.type());
    fields.number32Unless(0, SOCKET_STATE, socket.state());
    fields.number32Unless(0, SOCKET_PROTOCOL, socket.protocol());
    fields.numberUnless(0, SOCKET_COOKIE, socket.cookie());
  }

  private void write(Packet packet) {
    fields.number32Unless(0, PROTOCOL, packet.protocol());
    fields.number32Unless(-1, PACKET_TYPE, packet.type());
    fields.numberUnless(-1, LENGTH, packet.lengthBytes());
    fields.numberUnless(0, MARK, packet.mark());
    fields.number32Unless(-1, VLAN, packet.vlan());
    byte[] macHeader = packet.macHeader();
    fields.bytes(
        MAC_HEADER,
        macHeader.length <= LONGEST_MAC_HEADER_BYTES
            ? macHeader
            : Arrays.copyOf(macHeader, LONGEST_MAC_HEADER_BYTES));
  }

  /**
   * Reads an event.
   *
   * @param packet bytes from the network header on
   * @param originalBytes how many there were
   */
  static DropEvent read(FieldCursor in, byte[] packet, long originalBytes) {
    Draft draft = new Draft();
    while (in.next()) {
      draft.take(in);
    }
    return draft.event(packet, originalBytes);
  }

  /** What has been read of an event; the values before reading are what a reader assumes. */
  private static final class Draft {
    private static final long[] NO_STACK = {};
    private static final byte[] NOTHING = {};
    private static final int USUAL_FRAMES = 40;

    private long bootNanos;
    private int cpu;
    private boolean consumed;
    private long skb;
    private long location;
    private int reason = DropEvent.NO_REASON;
    private long[] stack = NO_STACK;
    private boolean stackCut;
    private int pid;
    private int tid;
    private String comm = "";
    private long cgroup;
    private boolean interrupted;
    private int ifindex;
    private String ifname = "";
    private int hardwareType = -1;
    private long netns;
    private long netnsCookie;
    private int family;
    private int socketType;
    private int state;
    private int socketProtocol;
    private long socketCookie;
    private int protocol;
    private int packetType = -1;
    private long length = -1;
    private long mark;
    private int vlan = -1;
    private byte[] macHeader = NOTHING;

    void take(FieldCursor in) {
      switch (in.code()) {
        case BOOT_NANOS -> bootNanos = in.number();
        case CPU -> cpu = in.number32();
        case CONSUMED -> consumed = true;
        case SKB -> skb = in.number();
        case LOCATION -> location = in.number();
        case REASON -> reason = in.number32();
        case STACK -> stack = stack(in);
        case STACK_CUT -> stackCut = true;
        case PID -> pid = in.number32();
        case TID -> tid = in.number32();
        case COMM -> comm = in.raw();
        case CGROUP -> cgroup = in.number();
        case INTERRUPTED -> interrupted = true;
        case IFINDEX -> ifindex = in.number32();
        case IFNAME -> ifname = in.raw();
        case HARDWARE_TYPE -> hardwareType = in.number32();
        case NETNS -> netns = in.number();
        case NETNS_COOKIE -> netnsCookie = in.number();
        case SOCKET_FAMILY -> family = in.number32();
        case SOCKET_TYPE -> socketType = in.number32();
        case SOCKET_STATE -> state = in.number32();
        case SOCKET_PROTOCOL -> socketProtocol = in.number32();
        case SOCKET_COOKIE -> socketCookie = in.number();
        case PROTOCOL -> protocol = in.number32();
        case PACKET_TYPE -> packetType = in.number32();
        case LENGTH -> length = in.number();
        case MARK -> mark = in.number();
        case VLAN -> vlan = in.number32();
        case MAC_HEADER -> macHeader = in.bytes();
        default -> {}
      }
    }

    private static long[] stack(FieldCursor in) {
      ByteCursor value = in.value();
      long end = value.position() + in.length();
      long[] addresses = new long[Math.min(in.length(), USUAL_FRAMES)];
      int count = 0;
      long address = 0;
      while (value.position() < end && count < Format.MOST_FRAMES) {
        address += value.sleb();
        if (count == addresses.length) {
          addresses = Arrays.copyOf(addresses, Format.MOST_FRAMES);
        }
        addresses[count++] = address;
      }
      return Arrays.copyOf(addresses, count);
    }

    DropEvent event(byte[] packet, long originalBytes) {
      return new DropEvent(
          bootNanos,
          cpu,
          consumed,
          skb,
          location,
          reason,
          stack,
          stackCut,
          new Task(pid, tid, comm, cgroup, interrupted),
          new Device(ifindex, ifname, hardwareType, netns, netnsCookie),
          new Socket(family, socketType, state, socketProtocol, socketCookie),
          new Packet(
              protocol,
              packetType,
              length,
              mark,
              vlan,
              macHeader,
              packet,
              Math.max(originalBytes, packet.length)));
    }
  }
}
