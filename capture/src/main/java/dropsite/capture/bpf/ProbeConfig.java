package dropsite.capture.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dropsite.capture.DropFilter;
import dropsite.capture.ProbeOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.net.InetAddress;
import java.util.List;
import java.util.function.ToIntFunction;

/** What the program is told before it is loaded: {@code struct config} of bpf/drops.bpf.c. */
final class ProbeConfig {
  private static final int LIST = DropFilter.LONGEST_LIST;
  private static final int NAME_WORDS = EventLayout.NAME_BYTES / Long.BYTES;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** How far a CPU may run ahead of its rate: what one second allows. */
  private static final long BURST_NANOS = NANOS_PER_SECOND;

  /** Of a packet, so that a filter sees all headers whatever is kept. */
  private static final int LOOK_BYTES = 512;

  private static final int ETH_P_IP = 0x0800;
  private static final int ETH_P_IPV6 = 0x86dd;
  private static final int IPV4_BYTES = 4;

  static final StructLayout PREFIX =
      MemoryLayout.structLayout(
          JAVA_LONG.withName("high"),
          JAVA_LONG.withName("low"),
          JAVA_LONG.withName("mask_high"),
          JAVA_LONG.withName("mask_low"),
          JAVA_INT.withName("ethertype"),
          JAVA_INT.withName("unused"));

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_LONG.withName("interval_nanos"),
          JAVA_LONG.withName("burst_nanos"),
          JAVA_LONG.withName("ring_bytes"),
          JAVA_LONG.withName("preempt_count"),
          JAVA_LONG.withName("per_cpu_offset"),
          JAVA_INT.withName("snap_bytes"),
          JAVA_INT.withName("look_bytes"),
          JAVA_INT.withName("stack_words"),
          JAVA_INT.withName("drop_arguments"),
          JAVA_INT.withName("consume_arguments"),
          JAVA_INT.withName("expression"),
          JAVA_INT.withName("comm_count"),
          JAVA_INT.withName("pid_count"),
          JAVA_INT.withName("netns_count"),
          JAVA_INT.withName("interface_count"),
          JAVA_INT.withName("ethertype_count"),
          JAVA_INT.withName("protocol_count"),
          JAVA_INT.withName("address_count"),
          JAVA_INT.withName("port_count"),
          JAVA_INT.withName("reason_count"),
          JAVA_INT.withName("unused"),
          MemoryLayout.sequenceLayout(LIST * NAME_WORDS, JAVA_LONG).withName("comms"),
          MemoryLayout.sequenceLayout(LIST * NAME_WORDS, JAVA_LONG).withName("interfaces"),
          MemoryLayout.sequenceLayout(LIST, PREFIX).withName("addresses"),
          MemoryLayout.sequenceLayout(LIST, JAVA_INT).withName("pids"),
          MemoryLayout.sequenceLayout(LIST, JAVA_INT).withName("netns"),
          MemoryLayout.sequenceLayout(LIST, JAVA_INT).withName("ethertypes"),
          MemoryLayout.sequenceLayout(LIST, JAVA_INT).withName("protocols"),
          MemoryLayout.sequenceLayout(LIST, JAVA_INT).withName("ports"),
          MemoryLayout.sequenceLayout(LIST, JAVA_INT).withName("reasons"));

  private final MemorySegment bytes;

  private ProbeConfig(MemorySegment bytes) {
    this.bytes = bytes;
  }

  /**
   * @param kernel what the probe has to know of it
   * @param ringBytes size of the ring buffer
   * @throws IllegalArgumentException when a list is too long
   */
  static MemorySegment of(Arena arena, ProbeOptions options, ProbedKernel kernel, long ringBytes) {
    ProbeConfig config = new ProbeConfig(arena.allocate(LAYOUT));
    DropFilter filter = options.filter();
    if (options.eventsPerSecond() > 0) {
      config.set("interval_nanos", NANOS_PER_SECOND / options.eventsPerSecond());
      config.set("burst_nanos", BURST_NANOS);
    }
    config.set("ring_bytes", ringBytes);
    config.set("preempt_count", kernel.preemptCount());
    config.set("per_cpu_offset", kernel.perCpuOffset());
    int snapBytes = Math.clamp(options.snapBytes(), 0, ProbeOptions.MOST_SNAP_BYTES);
    config.set("snap_bytes", snapBytes);
    config.set(
        "look_bytes", looksIntoPackets(filter) ? Math.max(snapBytes, LOOK_BYTES) : snapBytes);
    config.set("stack_words", Math.min(kernel.stackWords(), EventLayout.MOST_STACK_WORDS));
    config.set("drop_arguments", kernel.dropArguments());
    config.set("consume_arguments", kernel.consumeArguments());
    config.set("expression", filter.expression() == null ? 0 : 1);
    config.names("comm_count", "comms", filter.comms());
    config.names("interface_count", "interfaces", filter.interfaces());
    config.numbers("pid_count", "pids", filter.pids(), Integer::intValue);
    config.numbers("netns_count", "netns", filter.netns(), Long::intValue);
    config.numbers("ethertype_count", "ethertypes", filter.ethertypes(), Integer::intValue);
    config.numbers("protocol_count", "protocols", filter.protocols(), Integer::intValue);
    config.numbers("port_count", "ports", filter.ports(), Integer::intValue);
    config.numbers("reason_count", "reasons", filter.reasons(), Integer::intValue);
    config.prefixes(filter.addresses());
    return config.bytes;
  }

  private static boolean looksIntoPackets(DropFilter filter) {
    return filter.expression() != null
        || !filter.protocols().isEmpty()
        || !filter.addresses().isEmpty()
        || !filter.ports().isEmpty();
  }

  private static long offset(String member) {
    return LAYOUT.byteOffset(PathElement.groupElement(member));
  }

  private void set(String member, long value) {
    if (LAYOUT.select(PathElement.groupElement(member)).byteSize() == Long.BYTES) {
      bytes.set(JAVA_LONG, offset(member), value);
    } else {
      bytes.set(JAVA_INT, offset(member), (int) value);
    }
  }

  private void count(String member, List<?> list) {
    if (list.size() > LIST) {
      throw new IllegalArgumentException("more than " + LIST + " to compare with: " + list);
    }
    set(member, list.size());
  }

  private <T> void numbers(String count, String member, List<T> list, ToIntFunction<T> number) {
    count(count, list);
    for (int i = 0; i < list.size(); i++) {
      bytes.set(
          JAVA_INT, offset(member) + (long) i * Integer.BYTES, number.applyAsInt(list.get(i)));
    }
  }

  /** The rest of a name is zero, as in the records. */
  private void names(String count, String member, List<String> list) {
    count(count, list);
    for (int i = 0; i < list.size(); i++) {
      byte[] name = list.get(i).getBytes(ISO_8859_1);
      if (name.length >= EventLayout.NAME_BYTES) {
        throw new IllegalArgumentException("a name of more than 15 bytes: " + list.get(i));
      }
      MemorySegment.copy(
          MemorySegment.ofArray(name),
          0,
          bytes,
          offset(member) + (long) i * EventLayout.NAME_BYTES,
          name.length);
    }
  }

  private void prefixes(List<DropFilter.Prefix> list) {
    count("address_count", list);
    for (int i = 0; i < list.size(); i++) {
      InetAddress address = list.get(i).address();
      byte[] value = address.getAddress();
      boolean version4 = value.length == IPV4_BYTES;
      MemorySegment prefix =
          bytes.asSlice(offset("addresses") + i * PREFIX.byteSize(), PREFIX.byteSize());
      // As the program loads them: an IPv4 address is the low half's first four bytes in memory.
      long at = PREFIX.byteOffset(PathElement.groupElement(version4 ? "low" : "high"));
      long maskAt =
          PREFIX.byteOffset(PathElement.groupElement(version4 ? "mask_low" : "mask_high"));
      MemorySegment.copy(MemorySegment.ofArray(value), 0, prefix, at, value.length);
      byte[] mask = mask(value.length, list.get(i).bits());
      MemorySegment.copy(MemorySegment.ofArray(mask), 0, prefix, maskAt, mask.length);
      prefix.set(
          JAVA_INT,
          PREFIX.byteOffset(PathElement.groupElement("ethertype")),
          version4 ? ETH_P_IP : ETH_P_IPV6);
    }
  }

  private static byte[] mask(int length, int bits) {
    byte[] mask = new byte[length];
    for (int bit = 0; bit < bits; bit++) {
      mask[bit / Byte.SIZE] |= (byte) (0x80 >> bit % Byte.SIZE);
    }
    return mask;
  }
}
