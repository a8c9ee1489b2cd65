package dropsite.capture;

import java.util.Arrays;
import java.util.Objects;

/**
 * One packet buffer (skb) that the kernel freed, as a probe saw it; nothing is resolved.
 *
 * @param bootNanos when, in nanoseconds of CLOCK_BOOTTIME
 * @param cpu that freed it
 * @param consumed whether the buffer was consumed (tracepoint skb:consume_skb) and not dropped
 * @param skb run-time address of the buffer; a key to tell buffers apart, reused by the kernel
 * @param location run-time address that the tracepoint gives as the place of the drop; 0 if none
 * @param reason number as the kernel passed it, its subsystem in the high 16 bits; {@link
 *     #NO_REASON} on kernels whose tracepoint has none
 * @param stack run-time addresses, innermost first, frames of the probe included; empty if the
 *     source gives none. Every one is a return address
 * @param stackCut whether the stack goes on beyond what was recorded
 * @param task that the CPU was running
 * @param device of the packet
 * @param socket of the packet
 * @param packet its headers and first bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, and hot or large
public record DropEvent(
    long bootNanos,
    int cpu,
    boolean consumed,
    long skb,
    long location,
    int reason,
    long[] stack,
    boolean stackCut,
    Task task,
    Device device,
    Socket socket,
    Packet packet) {

  /** The kernel passes no reason. Real reasons are not negative: none has a subsystem that high. */
  public static final int NO_REASON = -1;

  /**
   * The task that the CPU was running, which need not have to do with the packet.
   *
   * @param pid process (the kernel's tgid); 0 is the idle task
   * @param tid thread (the kernel's pid)
   * @param comm bytes of its name that the kernel gave, up to the first zero, each a char of ISO
   *     8859-1: what they mean is not for the box to say. Empty when not recorded
   * @param cgroupId 0 when not recorded
   * @param interrupted whether an interrupt or softirq ran on top of the task, so that its name
   *     says nothing about the packet
   */
  public record Task(int pid, int tid, String comm, long cgroupId, boolean interrupted) {
    /** Nothing is known about it. */
    public static final Task UNKNOWN = new Task(0, 0, "", 0, true);
  }

  /**
   * The network device (skb-&gt;dev) and network namespace of a packet.
   *
   * @param ifindex 0 when the packet has no device (yet)
   * @param name bytes of its name, each a char of ISO 8859-1; empty when there is none
   * @param hardwareType ARPHRD_* of linux/if_arp.h; -1 when not recorded
   * @param netns inode number of the namespace, of the device or else of the socket; 0 when not
   *     recorded
   * @param netnsCookie SO_NETNS_COOKIE of that namespace; 0 when not recorded
   */
  public record Device(int ifindex, String name, int hardwareType, long netns, long netnsCookie) {
    /** Nothing is known about it. */
    public static final Device UNKNOWN = new Device(0, "", -1, 0, 0);
  }

  /**
   * The socket that a packet belongs to: its own (skb-&gt;sk) or the one that received it (rx_sk).
   *
   * @param family AF_*; 0 when there is no socket
   * @param type SOCK_*; 0 when not recorded
   * @param state TCP_* of net/tcp_states.h, which sockets of other protocols use too; 0 when not
   *     recorded
   * @param protocol IPPROTO_*; 0 when not recorded
   * @param cookie SO_COOKIE; 0 when not recorded or not yet given
   */
  public record Socket(int family, int type, int state, int protocol, long cookie) {
    /** The packet has none, or it was not recorded. */
    public static final Socket NONE = new Socket(0, 0, 0, 0, 0);
  }

  /**
   * The packet in the buffer.
   *
   * @param protocol ethertype in host byte order (skb-&gt;protocol); 0 for packets without one,
   *     such as those of unix sockets
   * @param type PACKET_* of linux/if_packet.h (skb-&gt;pkt_type); -1 when not recorded
   * @param lengthBytes skb-&gt;len, which counts from wherever the kernel was reading; -1 when not
   *     recorded
   * @param mark skb-&gt;mark
   * @param vlan VLAN tag control information; -1 when there is none
   * @param macHeader the link-layer header; empty when it is not set
   * @param bytes from the network header on; empty when there is none
   * @param originalBytes how many there were from the network header on, at least as many as were
   *     recorded
   */
  public record Packet(
      int protocol,
      int type,
      long lengthBytes,
      long mark,
      int vlan,
      byte[] macHeader,
      byte[] bytes,
      long originalBytes) {
    private static final byte[] NOTHING = {};

    /** Nothing is known about it. */
    public static final Packet UNKNOWN = new Packet(0, -1, -1, 0, -1, NOTHING, NOTHING, 0);

    /** Returns whether only the first of its bytes were recorded. */
    public boolean cut() {
      return bytes.length < originalBytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Packet p
          && protocol == p.protocol
          && type == p.type
          && lengthBytes == p.lengthBytes
          && mark == p.mark
          && vlan == p.vlan
          && originalBytes == p.originalBytes
          && Arrays.equals(macHeader, p.macHeader)
          && Arrays.equals(bytes, p.bytes);
    }

    @Override
    public int hashCode() {
      return Objects.hash(protocol, lengthBytes, Arrays.hashCode(bytes));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DropEvent e
        && bootNanos == e.bootNanos
        && cpu == e.cpu
        && consumed == e.consumed
        && skb == e.skb
        && location == e.location
        && reason == e.reason
        && stackCut == e.stackCut
        && Arrays.equals(stack, e.stack)
        && task.equals(e.task)
        && device.equals(e.device)
        && socket.equals(e.socket)
        && packet.equals(e.packet);
  }

  @Override
  public int hashCode() {
    return Objects.hash(bootNanos, cpu, skb);
  }
}
