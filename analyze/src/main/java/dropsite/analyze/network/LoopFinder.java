package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Confidence;
import java.util.List;

/** Packets whose time ran out: a route that sends them back to where they came from. */
final class LoopFinder {
  private LoopFinder() {}

  static List<Attribution> find(Scene scene) {
    return OverTime.of(
        scene.states(),
        state -> {
          Flow flow = scene.flow(state);
          Routing.Answer answer = flow == null ? null : scene.route(state, flow);
          if (flow == null || answer == null || answer.route() == null) {
            return List.of();
          }
          Route route = answer.route();
          return route.leadsOn() && !scene.device().isEmpty() && route.leavesBy(scene.device())
              ? List.of(
                  RouteFinder.routeDraft(flow, answer, route)
                      .because(
                          "the packet came in by "
                              + scene.device()
                              + ", and is routed out of it again: it may go in circles")
                      .sure(Confidence.MEDIUM)
                      .doubted(answer.doubts())
                      .done())
              : List.of();
        });
  }
}
