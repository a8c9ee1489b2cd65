package dropsite.analyze.network;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.attribution.Attribution.Kind;
import dropsite.analyze.classify.Confidence;
import dropsite.capture.DropEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Packets that traffic control or XDP dropped: the filter whose action counted, or the program. */
final class FilterFinder {
  private static final String INGRESS = "ingress";

  private FilterFinder() {}

  static List<Attribution> find(Scene scene) {
    return scene.isOf("tc") ? filters(scene) : programs(scene);
  }

  private static List<Attribution> filters(Scene scene) {
    NetworkState start = scene.states().before();
    boolean comparable =
        scene.states().comparable() && start.had("tc-qdisc") && start.had("tc-filter");
    boolean ingress = scene.isOf("tc." + INGRESS);
    Map<List<String>, Long> dropsBefore = new HashMap<>();
    start.filters().forEach(each -> dropsBefore.put(each.identity(), each.drops()));
    List<Filter> candidates =
        scene.states().after().filters().stream()
            .filter(each -> each.device().equals(scene.device()))
            .filter(each -> each.place().equals(INGRESS) == ingress)
            .filter(each -> FilterMatch.mayBeFor(each.options(), scene.packet(), bytes(scene)))
            .toList();
    List<Attribution> found = new ArrayList<>();
    for (Filter each : candidates) {
      long first = dropsBefore.getOrDefault(each.identity(), 0L);
      if (comparable && each.drops() > first) {
        Movement moved = new Movement("drops of its action", first, each.drops());
        found.add(
            commands(
                    new Draft(Kind.FILTER, each.text())
                        .counted(moved)
                        .sure(scene.confidence(moved)),
                    each)
                .done());
      }
    }
    if (!found.isEmpty()) {
      return found;
    }
    List<Filter> deciding = candidates.stream().filter(each -> !each.program().isEmpty()).toList();
    for (Filter each : deciding) {
      found.add(
          commands(
                  new Draft(Kind.PROGRAM, each.text())
                      .because("it decides itself, and counts nothing")
                      .sure(deciding.size() == 1 ? Confidence.MEDIUM : Confidence.LOW),
                  each)
              .done());
    }
    return found;
  }

  private static byte[] bytes(Scene scene) {
    DropEvent event = scene.drop().facts().drop();
    return event == null ? new byte[0] : event.packet().bytes();
  }

  private static Draft commands(Draft draft, Filter filter) {
    List<String> show =
        new ArrayList<>(List.of("tc", "-s", "filter", "show", "dev", filter.device()));
    List<String> delete = new ArrayList<>(List.of("tc", "filter", "del", "dev", filter.device()));
    List<String> place = List.of(filter.place().split(" ", -1));
    show.addAll(place);
    delete.addAll(place);
    delete.addAll(List.of("protocol", filter.protocol(), "pref", filter.preference()));
    return draft
        .handle(filter.handle().isEmpty() ? filter.preference() : filter.handle())
        .run(Step.of("shows it with its counters", show))
        .run(Step.of("deletes the filters of this preference", delete));
  }

  private static List<Attribution> programs(Scene scene) {
    return OverTime.of(
        scene.states(),
        state -> {
          Link link = state.links().get(scene.device());
          List<Link.Program> programs = link == null ? List.of() : link.programs();
          if (scene.isOf("xdp.generic")) {
            programs = programs.stream().filter(each -> !each.isDriver()).toList();
          }
          List<Attribution> found = new ArrayList<>();
          for (Link.Program each : programs) {
            found.add(
                new Draft(Kind.PROGRAM, "XDP " + each.text() + " dev " + scene.device())
                    .handle(each.id())
                    .because("it is attached to the packet's device")
                    .sure(programs.size() == 1 ? Confidence.HIGH : Confidence.MEDIUM)
                    .run(Step.of("shows the program", "bpftool", "prog", "show", "id", each.id()))
                    .run(
                        Step.of(
                            "detaches it",
                            "ip",
                            "link",
                            "set",
                            "dev",
                            scene.device(),
                            each.hook(),
                            "off"))
                    .done());
          }
          return found;
        });
  }
}
