package dropsite.capture;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which drops to record. A list that is empty lets everything through; one that is not lets through
 * what equals one of its members; all lists have to agree.
 *
 * @param comms names of the task that the CPU was running, which in a softirq need not have to do
 *     with the packet; at most 15 bytes, each a char of ISO 8859-1
 * @param pids of the process that the CPU was running, of which the same is true
 * @param netns inode numbers of network namespaces
 * @param interfaces names of the packet's device, each byte a char of ISO 8859-1
 * @param ethertypes protocols of the network layer
 * @param protocols IPPROTO_* of the transport layer
 * @param addresses source or destination address
 * @param ports source or destination port of TCP, UDP or SCTP
 * @param reasons numbers, as this kernel counts them
 * @param expression in the language of pcap-filter(7), matched from the network header on; null for
 *     none
 */
public record DropFilter(
    List<String> comms,
    List<Integer> pids,
    List<Long> netns,
    List<String> interfaces,
    List<Integer> ethertypes,
    List<Integer> protocols,
    List<Prefix> addresses,
    List<Integer> ports,
    List<Integer> reasons,
    @Nullable String expression) {

  /** Lets everything through. */
  public static final DropFilter ALL =
      new DropFilter(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of(), null);

  /** How many members a list may have: the probe compares each event with all of them. */
  public static final int LONGEST_LIST = 8;

  /**
   * Addresses with the same first bits.
   *
   * @param address IPv4 or IPv6
   * @param bits how many of them count
   */
  public record Prefix(InetAddress address, int bits) {
    /** Checks the number of bits. */
    public Prefix {
      if (bits < 0 || bits > address.getAddress().length * Byte.SIZE) {
        throw new IllegalArgumentException("a prefix of " + bits + " bits");
      }
    }
  }

  /** Copies the lists. */
  public DropFilter {
    comms = List.copyOf(comms);
    pids = List.copyOf(pids);
    netns = List.copyOf(netns);
    interfaces = List.copyOf(interfaces);
    ethertypes = List.copyOf(ethertypes);
    protocols = List.copyOf(protocols);
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
    reasons = List.copyOf(reasons);
  }
}
