package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.classify.NextStep;
import dropsite.text.IpText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packets that routing refused: the route or policy rule that says so, that there is none, or that
 * forwarding is off (net/ipv4/route.c, net/ipv6/route.c).
 */
final class RouteFinder {
  private static final String FORWARDING_OFF = "route.forwarding-off";
  private static final String NONE = "route.none";

  private RouteFinder() {}

  /**
   * @param switchForAll the setting that switches forwarding for all devices
   */
  static List<Attribution> find(Scene scene, String switchForAll) {
    return OverTime.of(scene.states(), state -> at(scene, state, switchForAll));
  }

  private static List<Attribution> at(Scene scene, NetworkState state, String switchForAll) {
    Flow flow = scene.flow(state);
    Routing.Answer answer = flow == null ? null : scene.route(state, flow);
    if (flow == null || answer == null) {
      return List.of();
    }
    Route route = answer.route();
    if (scene.isOf(FORWARDING_OFF)) {
      return forwarding(scene, state, flow, answer, switchForAll);
    }
    if (answer.refused() || (route != null && route.refuses())) {
      return List.of(refusing(flow, answer));
    }
    if (answer.none()) {
      // A route that refused was there when the packet came, whatever there is now; and of a list
      // that breaks off nobody knows what it lacks.
      return scene.isOf(NONE) && state.had(flow.ipv6() ? "ip-route6" : "ip-route")
          ? List.of(none(flow, answer).doubted(answer.doubts()).done())
          : List.of();
    }
    return route != null && route.leadsOn()
        ? forwarding(scene, state, flow, answer, switchForAll)
        : List.of();
  }

  private static Attribution refusing(Flow flow, Routing.Answer answer) {
    PolicyRule rule = answer.rule();
    Route route = answer.route();
    Draft draft;
    if (route == null) {
      String text = rule == null ? "" : rule.text();
      draft =
          new Draft(Kind.ROUTE, "ip rule " + text)
              .because("this policy rule refuses packets that it is for")
              .run(Step.of("shows the policy rules", ip(flow, "rule", "show")));
      if (rule != null) {
        draft
            .handle(Long.toString(rule.priority()))
            .run(
                Step.of(
                    "deletes the rule",
                    ip(flow, "rule", "del", "priority", Long.toString(rule.priority()))));
      }
    } else {
      draft =
          routeDraft(flow, answer, route)
              .because("this route refuses packets for " + IpText.of(flow.destination()));
      List<String> words = new ArrayList<>(List.of(ip(flow, "route", "del")));
      words.addAll(route.words());
      draft.run(Step.of("deletes the route", words));
    }
    return draft.doubted(answer.doubts()).done();
  }

  /** Begins with a route that routing gave. */
  static Draft routeDraft(Flow flow, Routing.Answer answer, Route route) {
    Draft draft = new Draft(Kind.ROUTE, route.text()).table(route.table()).run(get(flow));
    if (answer.rule() != null) {
      draft.because("policy rule " + answer.rule().text());
    }
    return draft;
  }

  static Draft none(Flow flow, Routing.Answer answer) {
    String destination = IpText.of(flow.destination());
    // Without the address: one cause, however many addresses are tried.
    return new Draft(
            Kind.ROUTE,
            answer.tables().isEmpty()
                ? "no table to look in"
                : "no route in tables " + String.join(", ", answer.tables()))
        .because("neither " + destination + " nor a default has a route there")
        .run(get(flow))
        .run(
            Step.of(
                "adds a route; the gateway is for you to know",
                ip(flow, "route", "add", destination, "via", "GATEWAY")));
  }

  private static List<Attribution> forwarding(
      Scene scene, NetworkState state, Flow flow, Routing.Answer answer, String switchForAll) {
    if (Flow.LOOPBACK.equals(flow.input()) || scene.device().isEmpty()) {
      return List.of();
    }
    String family = flow.ipv6() ? "net/ipv6/conf/" : "net/ipv4/conf/";
    String own = family + scene.device() + "/forwarding";
    String all = family + "all/forwarding";
    // IPv4 asks the device alone, IPv6 the setting for all (net/ipv6/ip6_output.c).
    String deciding = flow.ipv6() ? all : own;
    if (state.sysctls().number(deciding, 1) != 0) {
      return List.of();
    }
    boolean everywhere = state.sysctls().number(all, 1) == 0;
    String named = !flow.ipv6() && everywhere ? switchForAll : deciding;
    Draft draft =
        Draft.ofSysctl(named, "0", "1", "lets this host forward")
            .because(
                Sysctls.name(deciding)
                    + " = 0: packets that come in by "
                    + scene.device()
                    + " are not forwarded");
    Route route = answer.route();
    draft.because(
        route == null
            ? "no route leads to " + IpText.of(flow.destination()) + " either"
            : "the packet is for another host: " + route.text());
    return List.of(draft.done());
  }

  /** Returns the command that asks the kernel itself. */
  static NextStep get(Flow flow) {
    List<String> words =
        new ArrayList<>(List.of(ip(flow, "route", "get", IpText.of(flow.destination()))));
    @Nullable String input = flow.input();
    // Without a device that it came in by, ip takes this box's own addresses only.
    if (input != null && !input.isEmpty() && !input.equals(Flow.LOOPBACK)) {
      words.addAll(List.of("from", IpText.of(flow.source()), "iif", input));
    } else if (flow.sentHere()) {
      words.addAll(List.of("from", IpText.of(flow.source())));
    }
    if (flow.mark() != 0) {
      words.addAll(List.of("mark", Long.toString(flow.mark())));
    }
    return Step.of("what routing says about this packet", words);
  }

  /** Returns a command of ip for the packet's family. */
  static String[] ip(Flow flow, String... words) {
    List<String> all = new ArrayList<>(List.of("ip"));
    if (flow.ipv6()) {
      all.add("-6");
    }
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }
}
