package dropsite.analyze.network;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A routing table. Looked up by prefix length, longest first, so that a table of a million routes
 * costs no more than one of ten.
 */
final class RouteTable {
  /** What decides between routes for the same destination, when all of them fit. */
  private static final Comparator<Route> BETTER_FIRST =
      Comparator.comparingInt((Route route) -> route.from() == null ? 0 : -route.from().bits())
          .thenComparingInt(route -> -route.trafficClass())
          .thenComparingLong(Route::metric);

  /** Routes to one destination; a real box has a few. */
  private static final int MOST_ALIKE = 256;

  private final TreeMap<Integer, Map<InetAddress, List<Route>>> byLength =
      new TreeMap<>(Comparator.reverseOrder());

  void add(Route route) {
    List<Route> alike =
        byLength
            .computeIfAbsent(route.destination().bits(), bits -> new HashMap<>())
            .computeIfAbsent(route.destination().address(), address -> new ArrayList<>());
    if (alike.size() < MOST_ALIKE) {
      alike.add(route);
    }
  }

  /**
   * Returns the route for a packet; null when there is none.
   *
   * @param overDownLinks whether ways over links that are down count
   */
  @Nullable Route lookup(Flow flow, boolean overDownLinks) {
    for (Map.Entry<Integer, Map<InetAddress, List<Route>>> each : byLength.entrySet()) {
      List<Route> candidates =
          each.getValue().getOrDefault(Prefix.masked(flow.destination(), each.getKey()), List.of());
      Route best =
          candidates.stream()
              .filter(route -> fits(route, flow, overDownLinks))
              .min(BETTER_FIRST)
              .orElse(null);
      if (best != null) {
        return best;
      }
    }
    return null;
  }

  private static boolean fits(Route route, Flow flow, boolean overDownLinks) {
    return (route.from() == null || route.from().contains(flow.source()))
        && (route.trafficClass() == 0
            || TrafficClass.same(route.trafficClass(), flow.trafficClass()))
        && (!route.leadsOn()
            || route.hops().isEmpty()
            || route.hops().stream().anyMatch(hop -> isUp(hop, overDownLinks)));
  }

  private static boolean isUp(Route.Hop hop, boolean overDownLinks) {
    return !hop.state().contains("dead") && (overDownLinks || !hop.state().contains("linkdown"));
  }
}
