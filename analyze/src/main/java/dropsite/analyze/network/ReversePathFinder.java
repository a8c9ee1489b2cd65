package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Confidence;
import dropsite.text.IpText;
import java.util.ArrayList;
import java.util.List;

/**
 * Packets whose source is not reached by the way they came: the setting that asks for it, and the
 * route back (net/ipv4/fib_frontend.c).
 */
final class ReversePathFinder {
  private static final int STRICT = 1;

  private ReversePathFinder() {}

  static List<Attribution> find(Scene scene) {
    return OverTime.of(scene.states(), state -> at(scene, state));
  }

  private static List<Attribution> at(Scene scene, NetworkState state) {
    Flow flow = Flow.of(scene.packet(), scene.device());
    Sysctls sysctls = state.sysctls();
    long own = sysctls.ofDevice(scene.device(), "rp_filter", 0);
    long all = sysctls.ofDevice("all", "rp_filter", 0);
    long mode = Math.max(own, all);
    if (flow == null || flow.ipv6() || mode == 0) {
      return List.of();
    }
    boolean markCounts =
        sysctls.ofDevice(scene.device(), "src_valid_mark", 0) != 0
            || sysctls.ofDevice("all", "src_valid_mark", 0) != 0;
    Flow back = flow.back(markCounts ? flow.mark() : 0);
    Routing.Answer answer = scene.route(state, back);
    if (answer == null) {
      return List.of();
    }
    Route route = answer.route();
    boolean leadsBack = route != null && route.leadsOn();
    if (route != null && leadsBack && (mode != STRICT || route.leavesBy(scene.device()))) {
      return List.of(); // then this is not why
    }
    String source = IpText.of(flow.source());
    List<Attribution> found = new ArrayList<>();
    Draft setting =
        Draft.ofSysctl(
                "net/ipv4/conf/" + (own >= all ? scene.device() : "all") + "/rp_filter",
                Long.toString(mode),
                leadsBack ? "2" : "0",
                leadsBack
                    ? "asks only that the source can be reached, by whatever device"
                    : "no longer asks for a way back")
            .because(
                mode == STRICT
                    ? "1 is strict: the way back to the source has to leave by the device that the"
                        + " packet came in by, "
                        + scene.device()
                    : "2 is loose: there has to be a way back to the source");
    if (own == all) {
      setting.because("net.ipv4.conf.all.rp_filter says the same: the larger of the two counts");
    }
    found.add(setting.doubted(answer.doubts()).done());
    Draft way =
        route == null
            ? RouteFinder.none(back, answer)
            : RouteFinder.routeDraft(back, answer, route);
    way.because(
        leadsBack
            ? "the way back to " + source + " does not leave by " + scene.device()
            : "no way leads back to " + source);
    found.add(way.sure(Confidence.HIGH).doubted(answer.doubts()).done());
    return found;
  }
}
