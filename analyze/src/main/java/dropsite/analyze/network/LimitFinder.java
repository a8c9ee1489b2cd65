package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.classify.Confidence;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Packets for which there was no room left: on a CPU's backlog, in the table of connections. */
final class LimitFinder {
  private static final String BACKLOG = "net/core/netdev_max_backlog";
  private static final String CONNECTIONS = "net/netfilter/nf_conntrack_max";
  private static final String CONNECTION_COUNT = "conntrack.entries";
  private static final Set<String> COUNTING_HOOKS =
      Set.of("prerouting", "output", "input", "postrouting");

  private LimitFinder() {}

  static List<Attribution> backlog(Scene scene) {
    String value = scene.root().after().sysctls().get(BACKLOG);
    return scene
        .whole()
        .moved("softnet.dropped")
        .map(moved ->
            Draft.ofSysctl(
                    BACKLOG, value == null ? "?" : value, "PACKETS", "lets more packets wait")
                .because("so many packets may wait for a CPU")
                .because(scene.root().heldOf(BACKLOG))
                .counted(moved)
                .sure(Confidence.MEDIUM)
                .done())
        .stream()
        .toList();
  }

  /**
   * A packet of a connection that the table has no room for is dropped by the same hooks as by
   * rules.
   *
   * @param engines which tell where rules alone drop
   */
  static List<Attribution> connections(Scene scene, RuleEngines engines) {
    String[] words = scene.classId().split("\\.", -1);
    if (words.length < 3 || !COUNTING_HOOKS.contains(words[2]) || engines.isByRule(scene.drop())) {
      return List.of();
    }
    Sysctls sysctls = scene.states().after().sysctls();
    String most = sysctls.get(CONNECTIONS);
    return scene
        .states()
        .moved("conntrack.drop")
        .map(moved -> {
          Draft draft =
              new Draft(
                      Kind.CONNTRACK,
                      Sysctls.name(CONNECTIONS) + " = " + (most == null ? "?" : most))
                  .because("connection tracking drops packets when its table is full")
                  .counted(moved)
                  .sure(isFull(scene) ? Confidence.HIGH : Confidence.MEDIUM);
          if (!isFull(scene)) {
            draft.because(scene.states().heldOf(CONNECTIONS));
          }
          scene
              .states()
              .moved("conntrack.early_drop")
              .ifPresent(early -> draft.because(early.inWords()));
          Long count = scene.states().after().counters().get(CONNECTION_COUNT);
          if (count != null) {
            draft.because("after the recording it held " + count + " connections");
          }
          return draft
              .run(Step.of("shows what it counts", "conntrack", "-S"))
              .run(Sysctls.step("lets it hold more", CONNECTIONS, "CONNECTIONS"))
              .done();
        })
        .stream()
        .toList();
  }

  /** Whether the table was full at either end of the recording. */
  private static boolean isFull(Scene scene) {
    return Stream.of(scene.states().before(), scene.states().after())
        .anyMatch(state ->
            state.counters().getOrDefault(CONNECTION_COUNT, 0L)
                >= Math.max(1, state.sysctls().number(CONNECTIONS, Long.MAX_VALUE)));
  }
}
