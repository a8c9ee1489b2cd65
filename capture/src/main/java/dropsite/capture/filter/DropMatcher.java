package dropsite.capture.filter;

import dropsite.capture.DropEvent;
import dropsite.capture.DropFilter;
import dropsite.capture.DropFilter.Prefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says of an event whether a filter lets it through, for sources whose kernel part cannot.
 *
 * <p>What was not recorded does not match: a filter of addresses leaves out an event without packet
 * bytes. The task is the one that the CPU was running, which in a softirq need not have to do with
 * the packet.
 */
public final class DropMatcher {
  private static final int IPV4 = 4;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int SCTP = 132;

  private final DropFilter filter;
  private final @Nullable CbpfProgram expression;

  /**
   * @throws FilterException when the filter's expression cannot be compiled
   */
  public DropMatcher(DropFilter filter) throws FilterException {
    this(filter, filter.expression() == null ? null : PcapExpression.compile(filter.expression()));
  }

  DropMatcher(DropFilter filter, @Nullable CbpfProgram expression) {
    this.filter = filter;
    this.expression = expression;
  }

  /** Returns whether the filter looks into the bytes of packets. */
  public static boolean needsBytes(DropFilter filter) {
    return !filter.protocols().isEmpty()
        || !filter.addresses().isEmpty()
        || !filter.ports().isEmpty()
        || filter.expression() != null;
  }

  /** Returns whether the filter asks for the packet's interface or network namespace. */
  public static boolean needsDevice(DropFilter filter) {
    return !filter.interfaces().isEmpty() || !filter.netns().isEmpty();
  }

  /** Returns whether the event passes. */
  public boolean matches(DropEvent event) {
    return any(filter.comms(), event.task().comm())
        && any(filter.pids(), event.task().pid())
        && any(filter.netns(), event.device().netns())
        && any(filter.interfaces(), event.device().name())
        && any(filter.ethertypes(), event.packet().protocol())
        && any(filter.reasons(), event.reason())
        && matchesBytes(event.packet());
  }

  private static <T> boolean any(List<T> members, T value) {
    return members.isEmpty() || members.contains(value);
  }

  private boolean matchesBytes(DropEvent.Packet packet) {
    byte[] bytes = packet.bytes();
    if (!filter.protocols().isEmpty() || !filter.ports().isEmpty()) {
      TransportHeader header = TransportHeader.find(packet);
      if (header == null
          || !any(filter.protocols(), header.protocol())
          || (!filter.ports().isEmpty() && !matchesPort(header, bytes))) {
        return false;
      }
    }
    return (filter.addresses().isEmpty() || matchesAddress(packet))
        && (expression == null || expression.matches(bytes, packet.originalBytes()));
  }

  private boolean matchesPort(TransportHeader header, byte[] bytes) {
    boolean hasPorts =
        header.protocol() == TCP || header.protocol() == UDP || header.protocol() == SCTP;
    int at = header.offset();
    return hasPorts
        && at >= 0
        && at + 4 <= bytes.length
        && (filter.ports().contains(TransportHeader.u16(bytes, at))
            || filter.ports().contains(TransportHeader.u16(bytes, at + 2)));
  }

  private boolean matchesAddress(DropEvent.Packet packet) {
    int version = TransportHeader.version(packet);
    byte[] bytes = packet.bytes();
    if (version == 0) {
      return false;
    }
    int size = version == IPV4 ? 4 : 16;
    int source = version == IPV4 ? 12 : 8;
    for (Prefix prefix : filter.addresses()) {
      byte[] wanted = prefix.address().getAddress();
      if (wanted.length == size
          && (sameBits(wanted, bytes, source, prefix.bits())
              || sameBits(wanted, bytes, source + size, prefix.bits()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean sameBits(byte[] wanted, byte[] bytes, int at, int bits) {
    for (int i = 0; i * Byte.SIZE < bits; i++) {
      int unwanted = Math.max(0, (i + 1) * Byte.SIZE - bits);
      if (((wanted[i] ^ bytes[at + i]) & 0xff) >> unwanted != 0) {
        return false;
      }
    }
    return true;
  }
}
