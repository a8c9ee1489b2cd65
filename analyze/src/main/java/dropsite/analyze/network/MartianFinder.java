package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.text.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Packets with an address that cannot be right where they came in: which address, and the setting
 * that would let it pass. Asked in the kernel's order (net/ipv4/route.c).
 */
final class MartianFinder {
  private static final List<String> OWN = List.of("local", "broadcast");

  private MartianFinder() {}

  static List<Attribution> find(Scene scene) {
    return OverTime.of(scene.states(), state -> at(scene, state));
  }

  private static List<Attribution> at(Scene scene, NetworkState state) {
    Flow flow = Flow.of(scene.packet(), scene.device());
    if (flow == null) {
      return List.of();
    }
    String source = "source " + IpText.of(flow.source());
    String destination = "destination " + IpText.of(flow.destination());
    if (flow.source().isMulticastAddress() || isLimitedBroadcast(flow.source())) {
      return List.of(wrong("a group of hosts as source", source));
    }
    boolean toAll = isLimitedBroadcast(flow.destination());
    // Since Linux 5.3 the rest of 0.0.0.0/8 is like any other network.
    boolean fromNobody = flow.source().isAnyLocalAddress();
    boolean toNobody = flow.destination().isAnyLocalAddress();
    if (fromNobody && !toAll && !toNobody) {
      return List.of(wrong("nobody's address as source", source));
    }
    if (toNobody && !fromNobody) {
      return List.of(wrong("nobody's address as destination", destination));
    }
    if (flow.destination().isLoopbackAddress() || flow.source().isLoopbackAddress()) {
      return loopback(
          scene, state, flow, flow.destination().isLoopbackAddress() ? destination : source);
    }
    return flow.ipv6() ? List.of() : own(scene, state, flow, source, destination);
  }

  /** The address is no part of the text: one cause, however many are made up. */
  private static Attribution wrong(String text, String address) {
    return new Draft(Kind.ROUTE, text)
        .because(address)
        .because("RFC 1122 §3.2.1.3 forbids it, and no setting allows it")
        .done();
  }

  private static List<Attribution> loopback(
      Scene scene, NetworkState state, Flow flow, String address) {
    String text = address + " is a loopback address, and the packet came in by " + scene.device();
    if (flow.ipv6()) {
      return List.of(
          new Draft(Kind.ROUTE, "a loopback address from outside")
              .because(text)
              .because("RFC 4291 §2.5.3 forbids it")
              .done());
    }
    return isOn(scene, state, "route_localnet")
        ? List.of()
        : List.of(
            sysctl(scene, state, "route_localnet", "lets loopback addresses come in by this device")
                .because(text)
                .done());
  }

  /** An address of this host as source, or what is neither a host's nor ours as destination. */
  private static List<Attribution> own(
      Scene scene, NetworkState state, Flow flow, String source, String destination) {
    List<Attribution> found = new ArrayList<>();
    Flow back = flow.back(0);
    Routing.Answer from = scene.route(state, back);
    Route origin = from == null ? null : from.route();
    if (from != null && origin != null && OWN.contains(origin.type())) {
      boolean broadcast = origin.type().equals("broadcast");
      if (!broadcast && !isOn(scene, state, "accept_local")) {
        found.add(
            RouteFinder.routeDraft(back, from, origin)
                .because(source + " is an address of this host, and the packet came from outside")
                .doubted(from.doubts())
                .done());
        found.add(
            sysctl(scene, state, "accept_local", "accepts own addresses as source")
                .because(source + " is an address of this host")
                .done());
      } else if (broadcast) {
        found.add(
            RouteFinder.routeDraft(back, from, origin)
                .because(source + " is a broadcast address, which sends nothing")
                .doubted(from.doubts())
                .done());
      }
    }
    Routing.Answer to = scene.route(state, flow);
    Route target = to == null ? null : to.route();
    if (found.isEmpty()
        && to != null
        && target != null
        && !target.leadsOn()
        && !target.refuses()
        && !OWN.contains(target.type())) {
      found.add(
          RouteFinder.routeDraft(flow, to, target)
              .because(destination + " is neither a host's address nor one of this host")
              .doubted(to.doubts())
              .done());
    }
    return found;
  }

  private static Draft sysctl(Scene scene, NetworkState state, String name, String why) {
    String path = "net/ipv4/conf/" + scene.device() + "/" + name;
    String value = state.sysctls().get(path);
    return Draft.ofSysctl(path, value == null ? "0" : value, "1", why);
  }

  /** Either the device or all of them allow it. */
  private static boolean isOn(Scene scene, NetworkState state, String name) {
    return state.sysctls().ofDevice(scene.device(), name, 0) != 0
        || state.sysctls().ofDevice("all", name, 0) != 0;
  }

  private static boolean isLimitedBroadcast(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 && (bytes[0] & bytes[1] & bytes[2] & bytes[3]) == -1;
  }
}
