package dropsite.capture.bpf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dropsite.bytes.Bytes;
import dropsite.capture.DropEvent;
import java.util.Arrays;

/** Makes events of the records that the program writes. */
final class EventDecoder {
  private static final byte[] NOTHING = {};

  // The same few names come again and again; a last one is kept to spare memory and time.
  private byte[] lastComm = new byte[EventLayout.NAME_BYTES];
  private String lastCommText = "";
  private byte[] lastInterface = new byte[EventLayout.NAME_BYTES];
  private String lastInterfaceText = "";

  /**
   * @param records memory that holds the record
   * @param at where it begins
   * @param sizeBytes of the record
   * @throws dropsite.bytes.MalformedInputException when what it says does not fit into that
   */
  DropEvent decode(Bytes records, long at, long sizeBytes) {
    if (sizeBytes < EventLayout.DATA) {
      throw records.malformed(at, "a record of " + sizeBytes + " bytes");
    }
    int packetBytes = (int) records.unsignedAt(at + EventLayout.PACKET_BYTES, Short.BYTES);
    int words = (int) records.unsignedAt(at + EventLayout.STACK_WORDS, Short.BYTES);
    int macBytes = (int) records.unsignedAt(at + EventLayout.MAC_BYTES, Byte.BYTES);
    long stackAt = EventLayout.DATA + RingBuffer.padded(packetBytes);
    if (macBytes > EventLayout.MOST_MAC_BYTES || stackAt + (long) words * Long.BYTES > sizeBytes) {
      throw records.malformed(
          at,
          "a record of %d bytes with %d of a packet, %d of its link layer, %d addresses"
              .formatted(sizeBytes, packetBytes, macBytes, words));
    }
    long[] stack = new long[words];
    for (int i = 0; i < words; i++) {
      stack[i] = records.unsignedAt(at + stackAt + (long) i * Long.BYTES, Long.BYTES);
    }
    int flags = (int) records.unsignedAt(at + EventLayout.FLAGS, Short.BYTES);
    return new DropEvent(
        records.unsignedAt(at + EventLayout.BOOT_NANOS, Long.BYTES),
        integer(records, at + EventLayout.CPU),
        (flags & EventLayout.CONSUMED) != 0,
        records.unsignedAt(at + EventLayout.SKB, Long.BYTES),
        records.unsignedAt(at + EventLayout.LOCATION, Long.BYTES),
        integer(records, at + EventLayout.REASON),
        stack,
        (flags & EventLayout.STACK_CUT) != 0,
        task(records, at, flags),
        device(records, at, flags),
        socket(records, at),
        packet(records, at, flags, packetBytes, macBytes));
  }

  private DropEvent.Task task(Bytes records, long at, int flags) {
    byte[] comm = records.copy(at + EventLayout.COMM, EventLayout.NAME_BYTES);
    if (!Arrays.equals(comm, lastComm)) {
      lastComm = comm;
      lastCommText = text(comm);
    }
    return new DropEvent.Task(
        integer(records, at + EventLayout.PID),
        integer(records, at + EventLayout.TID),
        lastCommText,
        records.unsignedAt(at + EventLayout.CGROUP_ID, Long.BYTES),
        (flags & EventLayout.INTERRUPTED) != 0);
  }

  private DropEvent.Device device(Bytes records, long at, int flags) {
    boolean there = (flags & EventLayout.HAS_DEVICE) != 0;
    byte[] name = records.copy(at + EventLayout.INTERFACE, EventLayout.NAME_BYTES);
    if (!Arrays.equals(name, lastInterface)) {
      lastInterface = name;
      lastInterfaceText = text(name);
    }
    return new DropEvent.Device(
        integer(records, at + EventLayout.IFINDEX),
        lastInterfaceText,
        there ? (int) records.unsignedAt(at + EventLayout.HARDWARE_TYPE, Short.BYTES) : -1,
        records.unsignedAt(at + EventLayout.NETNS, Integer.BYTES),
        records.unsignedAt(at + EventLayout.NETNS_COOKIE, Long.BYTES));
  }

  private static DropEvent.Socket socket(Bytes records, long at) {
    int family = (int) records.unsignedAt(at + EventLayout.SOCKET_FAMILY, Short.BYTES);
    if (family == 0) {
      return DropEvent.Socket.NONE;
    }
    return new DropEvent.Socket(
        family,
        (int) records.unsignedAt(at + EventLayout.SOCKET_TYPE, Short.BYTES),
        (int) records.unsignedAt(at + EventLayout.SOCKET_STATE, Byte.BYTES),
        (int) records.unsignedAt(at + EventLayout.SOCKET_PROTOCOL, Short.BYTES),
        records.unsignedAt(at + EventLayout.SOCKET_COOKIE, Long.BYTES));
  }

  private static DropEvent.Packet packet(
      Bytes records, long at, int flags, int packetBytes, int macBytes) {
    long original = records.unsignedAt(at + EventLayout.ORIGINAL_BYTES, Integer.BYTES);
    return new DropEvent.Packet(
        (int) records.unsignedAt(at + EventLayout.PROTOCOL, Short.BYTES),
        (int) records.unsignedAt(at + EventLayout.PACKET_TYPE, Byte.BYTES),
        records.unsignedAt(at + EventLayout.LENGTH_BYTES, Integer.BYTES),
        records.unsignedAt(at + EventLayout.MARK, Integer.BYTES),
        (flags & EventLayout.VLAN) == 0
            ? -1
            : (int) records.unsignedAt(at + EventLayout.VLAN_TCI, Short.BYTES),
        macBytes == 0 ? NOTHING : records.copy(at + EventLayout.MAC, macBytes),
        packetBytes == 0 ? NOTHING : records.copy(at + EventLayout.DATA, packetBytes),
        Math.max(original, packetBytes));
  }

  private static int integer(Bytes records, long at) {
    return (int) records.unsignedAt(at, Integer.BYTES);
  }

  private static String text(byte[] name) {
    int length = 0;
    while (length < name.length && name[length] != 0) {
      length++;
    }
    return new String(name, 0, length, ISO_8859_1);
  }
}
