package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.classify.Confidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Packets that a device dropped: that it is dead, or that its queue was full. */
final class DeviceFinder {
  private DeviceFinder() {}

  /** Returns what says that nothing can leave by the packet's device. */
  static List<Attribution> dead(Scene scene) {
    return OverTime.of(
        scene.states(),
        state -> {
          Link link = state.links().get(scene.device());
          String deadness = link == null ? "" : link.deadness();
          return link == null || deadness.isEmpty()
              ? List.of()
              : List.of(
                  commands(
                          new Draft(Kind.DEVICE, link.text())
                              .handle(link.name())
                              .because("nothing leaves by " + link.name() + ": " + deadness),
                          link.name(),
                          link.flags().contains("UP") ? List.of() : List.of("up"))
                      .done());
        });
  }

  /** A port of a bridge: what it is set to is in no snapshot, but which one it is. */
  static List<Attribution> port(Scene scene) {
    List<Attribution> found = new ArrayList<>(dead(scene));
    Link link = scene.states().after().links().get(scene.device());
    if (found.isEmpty() && link != null && !link.master().isEmpty()) {
      found.add(
          new Draft(Kind.DEVICE, link.text())
              .handle(link.name())
              .because("it is a port of " + link.master() + ", which refused the packet there")
              .because("the port's state, isolation and VLANs are not recorded")
              .sure(Confidence.LOW)
              .run(
                  Step.of(
                      "shows what the port is set to",
                      "bridge",
                      "-d",
                      "link",
                      "show",
                      "dev",
                      link.name()))
              .run(Step.of("shows its VLANs", "bridge", "vlan", "show", "dev", link.name()))
              .done());
    }
    return found;
  }

  /**
   * Of the counters of a device only that of a full queue counts nothing else: others have what was
   * dropped for other reasons in them.
   */
  static List<Attribution> find(Scene scene) {
    List<Attribution> found = new ArrayList<>(dead(scene));
    if (found.isEmpty() && scene.isOf("device.queue-full")) {
      for (String counter : List.of("tx.dropped", "rx.dropped")) {
        full(scene, counter).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<Attribution> full(Scene scene, String counter) {
    Link before = scene.states().before().links().get(scene.device());
    Link after = scene.states().after().links().get(scene.device());
    if (before == null || after == null || !scene.states().comparable()) {
      return Optional.empty();
    }
    return Scene.Moments.moved(counter, before.statistics(), after.statistics())
        .map(moved -> {
          Draft draft =
              new Draft(Kind.DEVICE, after.text())
                  .handle(after.name())
                  .counted(moved)
                  .sure(scene.confidence(moved))
                  .because(
                      "its queue holds " + after.queueLength() + " packets, and nobody emptied it");
          return commands(draft, after.name(), List.of("txqueuelen", "PACKETS")).done();
        });
  }

  private static Draft commands(Draft draft, String device, List<String> change) {
    draft.run(Step.of("shows it with its counters", "ip", "-s", "link", "show", "dev", device));
    if (!change.isEmpty()) {
      List<String> words = new ArrayList<>(List.of("ip", "link", "set", "dev", device));
      words.addAll(change);
      draft.run(
          Step.of(
              change.contains("up") ? "switches it on" : "changes how many packets may wait",
              words));
    }
    return draft;
  }
}
