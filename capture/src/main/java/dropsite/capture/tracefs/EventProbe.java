package dropsite.capture.tracefs;

import dropsite.capture.tracefs.Offsets.Place;
import java.util.List;
import java.util.Optional;

/**
 * The text that defines an event probe: it runs on a tracepoint and fetches, besides what the
 * tracepoint gives, what lies behind the address of the packet buffer
 * (Documentation/trace/eventprobes.rst). The fields it makes are read by {@link DropDecoder}.
 *
 * <p>A pointer that leads nowhere is no harm: the kernel reads without faulting, and leaves the
 * field as it finds it. So pointers are fetched too, and tell which fields count.
 */
final class EventProbe {
  /** What one argument can fetch: 64 words (MAX_ARRAY_LEN of kernel/trace/trace_probe.h). */
  static final int BLOCK_BYTES = 64 * Long.BYTES;

  /** Blocks of one record, which has to fit into a page of the ring buffer, and in 3,072 bytes. */
  static final int MOST_BLOCKS = 4;

  /** Bytes before the network header for which there should be room: what drivers leave free. */
  private static final int HEADROOM_BYTES = 192;

  /** What is within reach of every packet that is not in an unusual buffer. */
  static final int SURE_BYTES = MOST_BLOCKS * BLOCK_BYTES - HEADROOM_BYTES;

  /** The tracepoint's field that holds the address of the packet buffer. */
  private static final String SKB = "$skbaddr";

  private final Offsets offsets;
  private final StringBuilder text;

  private EventProbe(Offsets offsets, String name, String tracepoint) {
    this.offsets = offsets;
    this.text = new StringBuilder("e:" + name + " " + tracepoint.replace(':', '.'));
  }

  /**
   * Returns the definition of a probe, or nothing where too little is known to fetch a packet.
   *
   * @param name group and event
   * @param tracepoint such as {@code skb:consume_skb}
   * @param format of the tracepoint's own event
   * @param snapBytes that are wanted of each packet
   * @param comm whether to fetch the name of the running task, which the first kernels with event
   *     probes cannot
   */
  static Optional<String> define(
      String name,
      String tracepoint,
      EventFormat format,
      Offsets offsets,
      int snapBytes,
      boolean comm) {
    for (String needed :
        List.of("head", "data", "tail", "len", "network_header", "mac_header", "protocol")) {
      if (offsets.place("sk_buff." + needed).isEmpty()) {
        return Optional.empty();
      }
    }
    EventProbe probe = new EventProbe(offsets, name, tracepoint);
    for (String field : List.of("skbaddr", "location", "reason", "protocol", "rx_sk")) {
      format
          .field(field)
          .ifPresent(f -> probe.add(field, "$" + field, "x" + f.sizeBytes() * Byte.SIZE));
    }
    probe.buffer(blocks(snapBytes));
    probe.device();
    probe.socket("sk", probe.pointer(SKB, "sk_buff.sk"));
    if (format.field("rx_sk").isPresent()) {
      probe.socket("rx_sk", Optional.of("$rx_sk"));
    }
    if (comm) {
      probe.add("task_comm", "$comm", "string");
    }
    return Optional.of(probe.text.toString());
  }

  private static int blocks(int snapBytes) {
    return Math.clamp(Math.ceilDiv(HEADROOM_BYTES + snapBytes, BLOCK_BYTES), 1, MOST_BLOCKS);
  }

  private void buffer(int blocks) {
    for (String name :
        List.of(
            "head",
            "data",
            "tail",
            "len",
            "mark",
            "protocol",
            "network_header",
            "mac_header",
            "pkt_type",
            "vlan_tci",
            "vlan_proto",
            "vlan_present")) {
      number("skb_" + name, Optional.of(SKB), "sk_buff." + name);
    }
    Optional<String> head = pointer(SKB, "sk_buff.head");
    for (int i = 0; i < blocks; i++) {
      add("head" + i, "+" + i * BLOCK_BYTES + "(" + head.orElseThrow() + ")", "x64[64]");
    }
  }

  private void device() {
    Optional<String> device = pointer(SKB, "sk_buff.dev");
    number("dev", Optional.of(SKB), "sk_buff.dev");
    number("dev_ifindex", device, "net_device.ifindex");
    number("dev_type", device, "net_device.type");
    device.ifPresent(base ->
        offsets
            .place("net_device.name")
            .ifPresent(
                place -> add("dev_name", "+" + place.offset() + "(" + base + ")", "string")));
    namespace("dev", device.flatMap(base -> pointer(base, "net_device.nd_net.net")));
  }

  private void socket(String name, Optional<String> socket) {
    if ("sk".equals(name)) {
      number(name, Optional.of(SKB), "sk_buff.sk");
    }
    number(name + "_family", socket, "sock.__sk_common.skc_family");
    number(name + "_state", socket, "sock.__sk_common.skc_state");
    number(name + "_cookie", socket, "sock.__sk_common.skc_cookie");
    number(name + "_type", socket, "sock.sk_type");
    number(name + "_protocol", socket, "sock.sk_protocol");
    namespace(name, socket.flatMap(base -> pointer(base, "sock.__sk_common.skc_net.net")));
  }

  private void namespace(String name, Optional<String> namespace) {
    number(name + "_netns", namespace, "net.ns.inum");
    number(name + "_netcookie", namespace, "net.net_cookie");
  }

  /** Returns how to fetch a pointer, to be used as the base of what it points to. */
  private Optional<String> pointer(String base, String member) {
    return offsets.place(member).map(place -> "+" + place.offset() + "(" + base + ")");
  }

  /** Adds a member that is a number; of a bit field, the byte that it lies in. */
  private void number(String name, Optional<String> base, String member) {
    Optional<Place> place = offsets.place(member);
    if (base.isPresent() && place.isPresent()) {
      int sizeBytes = place.get().bits() > 0 ? 1 : place.get().sizeBytes();
      if (Integer.bitCount(sizeBytes) == 1 && sizeBytes <= Long.BYTES) {
        add(name, "+" + place.get().offset() + "(" + base.get() + ")", "x" + sizeBytes * Byte.SIZE);
      }
    }
  }

  private void add(String name, String fetch, String type) {
    text.append(' ').append(name).append('=').append(fetch).append(':').append(type);
  }
}
