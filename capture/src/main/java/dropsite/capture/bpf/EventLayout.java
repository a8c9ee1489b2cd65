package dropsite.capture.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;

/** Where the members of a record lie: {@code struct event} of bpf/drops.bpf.c, up to its data. */
final class EventLayout {
  static final int CONSUMED = 1;
  static final int INTERRUPTED = 2;
  static final int STACK_CUT = 4;
  static final int VLAN = 8;
  static final int HAS_DEVICE = 16;

  static final int NAME_BYTES = 16;
  static final int MOST_MAC_BYTES = 32;
  static final int MOST_STACK_WORDS = 127;

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_LONG.withName("boot_nanos"),
          JAVA_LONG.withName("skb"),
          JAVA_LONG.withName("location"),
          JAVA_LONG.withName("cgroup_id"),
          JAVA_LONG.withName("netns_cookie"),
          JAVA_LONG.withName("socket_cookie"),
          JAVA_INT.withName("reason"),
          JAVA_INT.withName("pid"),
          JAVA_INT.withName("tid"),
          JAVA_INT.withName("cpu"),
          JAVA_INT.withName("netns"),
          JAVA_INT.withName("ifindex"),
          JAVA_INT.withName("length_bytes"),
          JAVA_INT.withName("mark"),
          JAVA_INT.withName("original_bytes"),
          JAVA_SHORT.withName("flags"),
          JAVA_SHORT.withName("protocol"),
          JAVA_SHORT.withName("vlan_tci"),
          JAVA_SHORT.withName("hardware_type"),
          JAVA_SHORT.withName("packet_bytes"),
          JAVA_SHORT.withName("stack_words"),
          JAVA_SHORT.withName("socket_family"),
          JAVA_SHORT.withName("socket_type"),
          JAVA_SHORT.withName("socket_protocol"),
          JAVA_BYTE.withName("socket_state"),
          JAVA_BYTE.withName("packet_type"),
          JAVA_BYTE.withName("mac_bytes"),
          MemoryLayout.sequenceLayout(7, JAVA_BYTE).withName("unused"),
          MemoryLayout.sequenceLayout(NAME_BYTES, JAVA_BYTE).withName("comm"),
          MemoryLayout.sequenceLayout(NAME_BYTES, JAVA_BYTE).withName("interface"),
          MemoryLayout.sequenceLayout(MOST_MAC_BYTES, JAVA_BYTE).withName("mac"));

  static final long BOOT_NANOS = offset("boot_nanos");
  static final long SKB = offset("skb");
  static final long LOCATION = offset("location");
  static final long CGROUP_ID = offset("cgroup_id");
  static final long NETNS_COOKIE = offset("netns_cookie");
  static final long SOCKET_COOKIE = offset("socket_cookie");
  static final long REASON = offset("reason");
  static final long PID = offset("pid");
  static final long TID = offset("tid");
  static final long CPU = offset("cpu");
  static final long NETNS = offset("netns");
  static final long IFINDEX = offset("ifindex");
  static final long LENGTH_BYTES = offset("length_bytes");
  static final long MARK = offset("mark");
  static final long ORIGINAL_BYTES = offset("original_bytes");
  static final long FLAGS = offset("flags");
  static final long PROTOCOL = offset("protocol");
  static final long VLAN_TCI = offset("vlan_tci");
  static final long HARDWARE_TYPE = offset("hardware_type");
  static final long PACKET_BYTES = offset("packet_bytes");
  static final long STACK_WORDS = offset("stack_words");
  static final long SOCKET_FAMILY = offset("socket_family");
  static final long SOCKET_TYPE = offset("socket_type");
  static final long SOCKET_PROTOCOL = offset("socket_protocol");
  static final long SOCKET_STATE = offset("socket_state");
  static final long PACKET_TYPE = offset("packet_type");
  static final long MAC_BYTES = offset("mac_bytes");
  static final long COMM = offset("comm");
  static final long INTERFACE = offset("interface");
  static final long MAC = offset("mac");

  /** Where the packet's bytes begin, and after them, at a multiple of eight, the stack. */
  static final long DATA = LAYOUT.byteSize();

  private EventLayout() {}

  private static long offset(String member) {
    return LAYOUT.byteOffset(PathElement.groupElement(member));
  }
}
