package dropsite.analyze.network;

import dropsite.analyze.box.Box;
import dropsite.analyze.input.PacketHeaders;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** By which device packets leave a network namespace, as its routes say. */
public final class WayOut {
  private final NetworkState state;

  /** Asks the routes that stood when recording began. */
  public WayOut(Box box, long netns) {
    state = new NetworkState(box, netns, false);
  }

  /**
   * Returns the name of the device; null when routes were not recorded or do not settle it.
   *
   * @param input device that the packet came in by; null when this box sends it
   */
  public @Nullable String device(PacketHeaders packet, @Nullable String input) {
    Flow flow = Flow.of(packet, input == null ? Flow.LOOPBACK : input);
    Routing routing = flow == null ? null : state.routing(flow.ipv6());
    if (flow == null || routing == null) {
      return null;
    }
    Routing.Answer answer = routing.lookup(flow, false, true);
    Route route = answer.route();
    if (route == null || !answer.doubts().isEmpty()) {
      return null;
    }
    if (route.type().equals("local")) {
      return input == null ? Flow.LOOPBACK : null;
    }
    Set<String> devices = route.hops().stream().map(Route.Hop::device).collect(Collectors.toSet());
    return devices.size() == 1 ? devices.iterator().next() : null;
  }
}
