package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.classify.Confidence;
import dropsite.text.IpText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Packets that waited for a neighbour's link-layer address: the neighbour that does not answer. */
final class NeighbourFinder {
  private static final String QUEUE_FULL = "neighbour.queue-full";

  private NeighbourFinder() {}

  static List<Attribution> find(Scene scene) {
    List<Attribution> found = new ArrayList<>();
    NetworkState after = scene.states().after();
    NetworkState before = scene.states().before();
    for (List<String> hop : nextHops(scene)) {
      Neighbour last = after.neighbours().get(hop);
      Neighbour first = before.neighbours().get(hop);
      if (last != null && last.unanswered()) {
        found.add(neighbour(last, Confidence.HIGH, "so it was after the recording"));
      } else if (first != null && first.unanswered()) {
        found.add(neighbour(first, Confidence.MEDIUM, "so it was before the recording"));
      }
    }
    if (found.isEmpty()) {
      unknownHop(scene).ifPresent(found::add);
    }
    if (scene.isOf(QUEUE_FULL)) {
      waiting(scene).ifPresent(found::add);
    }
    tableFull(scene).ifPresent(found::add);
    return found;
  }

  /** Returns device and address of those that the packet may have been sent to. */
  private static Set<List<String>> nextHops(Scene scene) {
    Set<List<String>> hops = new LinkedHashSet<>();
    for (NetworkState state : List.of(scene.states().after(), scene.states().before())) {
      Flow flow = scene.leavingFlow(state);
      Routing.Answer answer = flow == null ? null : scene.route(state, flow);
      Route route = answer == null ? null : answer.route();
      if (flow == null || route == null) {
        continue;
      }
      for (Route.Hop hop : route.hops()) {
        if (scene.device().isEmpty() || hop.device().equals(scene.device())) {
          hops.add(
              List.of(
                  hop.device(),
                  hop.gateway() == null ? IpText.of(flow.destination()) : hop.gateway()));
        }
      }
    }
    return hops;
  }

  private static Attribution neighbour(Neighbour neighbour, Confidence confidence, String when) {
    Draft draft =
        new Draft(Kind.NEIGHBOUR, neighbour.text())
            .handle(neighbour.address())
            .because("it is the next hop by the routes, and did not answer; " + when)
            .sure(confidence);
    return commands(draft, neighbour.address(), neighbour.device()).done();
  }

  /**
   * Entries that nobody answered to do not stay; the next hop is known by the routes all the same.
   */
  private static Optional<Attribution> unknownHop(Scene scene) {
    Set<List<String>> hops = nextHops(scene);
    boolean known =
        hops.size() != 1
            || scene.states().after().neighbours().containsKey(hops.iterator().next())
            || !scene.states().after().has("ip-neigh");
    if (known) {
      return Optional.empty();
    }
    List<String> hop = hops.iterator().next();
    Draft draft =
        new Draft(Kind.NEIGHBOUR, hop.getLast() + " dev " + hop.getFirst())
            .handle(hop.getLast())
            .because("it is the next hop by the routes; after the recording it had no entry")
            .sure(Confidence.MEDIUM);
    return Optional.of(commands(draft, hop.getLast(), hop.getFirst()).done());
  }

  private static Draft commands(Draft draft, String address, String device) {
    return draft
        .run(Step.of("shows the entry", "ip", "neigh", "show", "to", address, "dev", device))
        .run(
            Step.of(
                "forgets the entry, so that the neighbour is asked anew",
                "ip",
                "neigh",
                "flush",
                "to",
                address,
                "dev",
                device));
  }

  private static Optional<Movement> discarded(Scene scene) {
    return scene.root().moved(table(scene) + ".unresolved_discards");
  }

  private static String table(Scene scene) {
    return scene.packet().version() == 6 ? "ndisc" : "arp";
  }

  private static Optional<Attribution> waiting(Scene scene) {
    String family = scene.packet().version() == 6 ? "ipv6" : "ipv4";
    String path = "net/" + family + "/neigh/" + scene.device() + "/unres_qlen_bytes";
    String value = scene.states().after().sysctls().get(path);
    if (value == null) {
      value = scene.states().before().sysctls().get(path);
    }
    if (value == null) {
      return Optional.empty();
    }
    Draft draft =
        Draft.ofSysctl(path, value, "BYTES", "lets more wait for a neighbour")
            .because(
                "so many bytes may wait for one neighbour; what comes then pushes the oldest out")
            .sure(Confidence.MEDIUM);
    discarded(scene).ifPresent(draft::counted);
    return Optional.of(draft.done());
  }

  private static Optional<Attribution> tableFull(Scene scene) {
    String family = scene.packet().version() == 6 ? "ipv6" : "ipv4";
    String path = "net/" + family + "/neigh/default/gc_thresh3";
    String value = scene.root().after().sysctls().get(path);
    return scene
        .root()
        .moved(table(scene) + ".table_fulls")
        .map(moved ->
            Draft.ofSysctl(path, value == null ? "?" : value, "ENTRIES", "lets more neighbours in")
                .because("the neighbour table was full")
                .because(scene.root().heldOf(path))
                .counted(moved)
                .sure(Confidence.MEDIUM)
                .done());
  }
}
