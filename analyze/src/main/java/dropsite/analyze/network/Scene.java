package dropsite.analyze.network;

import dropsite.analyze.attribution.DropCase;
import dropsite.analyze.classify.Confidence;
import dropsite.analyze.input.PacketHeaders;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A drop, and what its network namespace was like before and after.
 *
 * @param device of the packet; empty when it has none
 * @param states of its namespace
 * @param whole what is not of a namespace but of the whole box
 * @param root the first namespace, whose settings hold for the whole box
 */
record Scene(
    DropCase drop,
    PacketHeaders packet,
    String device,
    Moments states,
    Moments whole,
    Moments root) {

  /** One namespace, before and after. */
  record Moments(NetworkState before, NetworkState after) {

    /** Returns whether what moved between the two did so while recording. */
    boolean comparable() {
      return !before.hasGaps();
    }

    /** Returns how far a counter moved; empty when it was not recorded twice, or did not move. */
    Optional<Movement> moved(String counter) {
      return comparable() ? moved(counter, before.counters(), after.counters()) : Optional.empty();
    }

    /** Says what is known of a limit's value while packets were dropped: nothing. */
    String heldOf(String path) {
      String first = before.sysctls().get(path);
      String last = after.sysctls().get(path);
      if (first == null || last == null) {
        return "what " + Sysctls.name(path) + " was when packets dropped is not recorded";
      }
      return (first.equals(last)
              ? "the setting was so before the recording and after it"
              : "the setting was " + first + " before the recording and " + last + " after it")
          + "; what it was when packets dropped is not recorded";
    }

    static Optional<Movement> moved(
        String name, Map<String, Long> before, Map<String, Long> after) {
      Long first = before.get(name);
      Long last = after.get(name);
      return first == null || last == null || last <= first
          ? Optional.empty()
          : Optional.of(new Movement(name, first, last));
    }
  }

  String classId() {
    return drop.classification().classId();
  }

  boolean isOf(String prefix) {
    return classId().equals(prefix) || classId().startsWith(prefix + ".");
  }

  /** Returns the device that a packet came in by: for what this host sends, the loopback. */
  private String input(NetworkState state) {
    InetAddress source = packet.source();
    return source != null && state.addresses().containsKey(source) ? Flow.LOOPBACK : device;
  }

  /**
   * Returns how the packet is looked up by the device it came in by; null when its addresses were
   * not recorded.
   */
  @Nullable Flow flow(NetworkState state) {
    return Flow.of(packet, input(state));
  }

  /** Likewise of a packet on its way out, which no longer says where it came in. */
  @Nullable Flow leavingFlow(NetworkState state) {
    String input = input(state);
    return Flow.of(packet, input.equals(Flow.LOOPBACK) ? input : null);
  }

  /** Asks routing; null when it was not recorded. */
  Routing.@Nullable Answer route(NetworkState state, Flow flow) {
    Routing routing = state.routing(flow.ipv6());
    if (routing == null) {
      return null;
    }
    Link link = state.links().get(device);
    boolean inVrf = link != null && !link.master().isEmpty();
    String family = flow.ipv6() ? "ipv6" : "ipv4";
    boolean ignored =
        state.sysctls().number("net/" + family + "/conf/all/ignore_routes_with_linkdown", 0) != 0;
    return routing.lookup(flow, inVrf, !ignored);
  }

  /** Returns how sure a counter makes that moved by so much: it counts drops of its own only. */
  Confidence confidence(Movement movement) {
    return movement.delta() >= drop.count() ? Confidence.HIGH : Confidence.LOW;
  }
}
