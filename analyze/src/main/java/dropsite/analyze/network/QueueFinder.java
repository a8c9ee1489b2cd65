package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Packets that a queueing discipline dropped: that whose counter moved on the packet's device. */
final class QueueFinder {
  /** Of the qdisc that a device has when nobody gives it one. */
  private static final List<String> DEFAULT_HANDLES = List.of("0:", ":", "");

  private QueueFinder() {}

  private record Moved(Qdisc qdisc, Movement movement) {}

  static List<Attribution> find(Scene scene) {
    List<Moved> moved = moved(scene);
    List<Attribution> found = new ArrayList<>();
    moved.stream()
        .filter(each -> !isSumOfOthers(each, moved))
        .sorted(Comparator.comparingLong((Moved each) -> -each.movement().delta()))
        .forEach(each -> found.add(attribution(scene, each)));
    found.addAll(DeviceFinder.dead(scene));
    return found;
  }

  private static List<Moved> moved(Scene scene) {
    NetworkState before = scene.states().before();
    NetworkState after = scene.states().after();
    if (!scene.states().comparable() || !before.has("tc-qdisc") || !after.has("tc-qdisc")) {
      return List.of();
    }
    Map<List<String>, Long> dropsBefore = new HashMap<>();
    before
        .qdiscs()
        .getOrDefault(scene.device(), List.of())
        .forEach(each -> dropsBefore.put(each.identity(), each.drops()));
    List<Moved> moved = new ArrayList<>();
    for (Qdisc each : after.qdiscs().getOrDefault(scene.device(), List.of())) {
      // One that was made meanwhile began to count at nothing.
      long first = dropsBefore.getOrDefault(each.identity(), 0L);
      if (each.drops() > first && !each.kind().equals("clsact") && !each.kind().equals("ingress")) {
        moved.add(new Moved(each, new Movement("its drops", first, each.drops())));
      }
    }
    return moved;
  }

  /** Parents count what those below them drop too. */
  private static boolean isSumOfOthers(Moved parent, List<Moved> moved) {
    long below =
        moved.stream()
            .filter(each -> each.qdisc().isBelow(parent.qdisc()))
            .mapToLong(each -> each.movement().delta())
            .sum();
    return below >= parent.movement().delta();
  }

  private static Attribution attribution(Scene scene, Moved each) {
    Qdisc qdisc = each.qdisc();
    Draft draft =
        new Draft(Kind.QDISC, qdisc.text())
            .handle(qdisc.handle())
            .counted(each.movement())
            .sure(scene.confidence(each.movement()));
    if (qdisc.losesOnPurpose()) {
      draft.because("it is set up to lose packets");
    }
    draft.run(
        Step.of("shows it with its counters", "tc", "-s", "qdisc", "show", "dev", qdisc.device()));
    String parent = qdisc.parent();
    if (DEFAULT_HANDLES.contains(qdisc.handle())) {
      draft.run(
          Step.of(
              "changes how many packets may wait",
              "ip",
              "link",
              "set",
              "dev",
              qdisc.device(),
              "txqueuelen",
              "PACKETS"));
    } else {
      List<String> words = new ArrayList<>(List.of("tc", "qdisc", "del", "dev", qdisc.device()));
      words.addAll(parent.isEmpty() ? List.of("root") : List.of("parent", parent));
      draft.run(Step.of("takes it away, for the default one", words));
    }
    return draft.done();
  }
}
