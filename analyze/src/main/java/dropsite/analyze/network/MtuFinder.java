package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import java.util.ArrayList;
import java.util.List;

/** Packets that are too long for their way: the route or the device whose MTU they exceed. */
final class MtuFinder {
  private MtuFinder() {}

  static List<Attribution> find(Scene scene) {
    return OverTime.of(scene.states(), state -> at(scene, state));
  }

  private static List<Attribution> at(Scene scene, NetworkState state) {
    int length = scene.packet().totalLengthBytes();
    Flow flow = scene.flow(state);
    Routing.Answer answer = flow == null ? null : scene.route(state, flow);
    if (flow == null || answer == null || answer.route() == null) {
      return List.of();
    }
    Route route = answer.route();
    String why = "the packet has " + length + " bytes" + fragmenting(scene, flow);
    if (route.mtuBytes() > 0) {
      if (length <= route.mtuBytes()) {
        return List.of();
      }
      Draft draft =
          RouteFinder.routeDraft(flow, answer, route).because(why).doubted(answer.doubts());
      if (!route.kept().isEmpty()) {
        List<String> words = new ArrayList<>(List.of(RouteFinder.ip(flow, "route", "change")));
        words.addAll(route.words());
        words.addAll(route.kept());
        words.addAll(List.of("mtu", "MTU"));
        draft.run(Step.of("changes what the route lets pass", words));
      }
      return List.of(draft.done());
    }
    List<Attribution> found = new ArrayList<>();
    for (Route.Hop hop : route.hops()) {
      Link link = state.links().get(hop.device());
      if (link != null && link.mtuBytes() > 0 && length > link.mtuBytes()) {
        found.add(
            new Draft(Kind.DEVICE, link.text())
                .handle(link.name())
                .because(why)
                .because("it leaves by " + link.name() + ": " + route.text())
                .doubted(answer.doubts())
                .run(Step.of("shows the device", "ip", "link", "show", "dev", link.name()))
                .run(
                    Step.of(
                        "changes its MTU", "ip", "link", "set", "dev", link.name(), "mtu", "MTU"))
                .done());
      }
    }
    return found;
  }

  private static String fragmenting(Scene scene, Flow flow) {
    if (flow.ipv6()) {
      return ", and IPv6 routers do not fragment";
    }
    return scene.packet().dontFragment() ? ", and may not be fragmented (DF)" : "";
  }
}
