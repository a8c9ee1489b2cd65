package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attributor;
import dropsite.analyze.attribution.DropCase;
import dropsite.analyze.box.Box;
import dropsite.analyze.box.BoxRecords;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.input.PacketHeaders;
import dropsite.analyze.network.Scene.Moments;
import dropsite.analyze.rules.RuleData;
import dropsite.capture.DropEvent;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Points at what in the snapshots explains a drop that is not a firewall rule's: the route, policy
 * rule, setting, neighbour, queue, filter, device, socket or table. docs/network.md says which.
 */
public final class NetworkAttributor implements Attributor {
  private final RuleEngines engines = new RuleEngines();
  private final String forwarding;
  private final IdentityHashMap<Box, Map<Long, Moments>> known = new IdentityHashMap<>();

  /** Reads its rule data. */
  public NetworkAttributor() {
    RuleData data = RuleData.resource(NetworkAttributor.class, "network.yaml");
    data.expectOnly(Set.of("forwarding"));
    forwarding = data.get("forwarding").text();
  }

  @Override
  public List<Attribution> attribute(DropCase drop) {
    DropEvent event = drop.facts().drop();
    if (event == null || drop.box().parts().isEmpty()) {
      return List.of();
    }
    Scene scene =
        new Scene(
            drop,
            PacketHeaders.of(event.packet()),
            BoxRecords.text(event.device().name()),
            moments(drop.box(), event.device().netns()),
            moments(drop.box(), 0),
            moments(drop.box(), root(drop.box())));
    return find(scene);
  }

  private List<Attribution> find(Scene scene) {
    String classId = scene.classId();
    int dot = classId.indexOf('.');
    return switch (dot < 0 ? classId : classId.substring(0, dot)) {
      case "route" -> route(scene);
      case "neighbour" -> NeighbourFinder.find(scene);
      case "qdisc" -> QueueFinder.find(scene);
      case "tc", "xdp" -> FilterFinder.find(scene);
      case "socket" -> SocketFinder.find(scene);
      case "mtu" -> MtuFinder.find(scene);
      case "cpu" -> LimitFinder.backlog(scene);
      case "netfilter" -> LimitFinder.connections(scene, engines);
      case "device", "vlan", "vxlan", "macvlan", "ipvlan", "bonding" -> DeviceFinder.find(scene);
      case "bridge" ->
          scene.isOf("bridge.port") ? DeviceFinder.port(scene) : DeviceFinder.find(scene);
      default -> List.of();
    };
  }

  private List<Attribution> route(Scene scene) {
    return switch (scene.classId()) {
      case "route.rp-filter" -> ReversePathFinder.find(scene);
      case "route.martian" -> MartianFinder.find(scene);
      case "route.ttl" -> LoopFinder.find(scene);
      case "route.multicast" -> List.of(); // who joined which group is in no snapshot
      default -> RouteFinder.find(scene, forwarding);
    };
  }

  private Moments moments(Box box, long netns) {
    return known
        .computeIfAbsent(box, each -> new HashMap<>())
        .computeIfAbsent(
            netns,
            each ->
                new Moments(
                    new NetworkState(box, netns, false), new NetworkState(box, netns, true)));
  }

  private static long root(Box box) {
    return box.namespaces().values().stream()
        .filter(Namespace::root)
        .mapToLong(Namespace::inode)
        .findFirst()
        .orElse(-1);
  }
}
