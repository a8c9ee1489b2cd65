package dropsite.capture.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the box looks like at one moment: rules, routes, queues, counters and settings of its
 * network namespaces. Taking it changes nothing, loads no module, and ends in time; what cannot be
 * had is said in the part itself.
 */
public final class Snapshot {
  private static final List<String> WHOLE_BOX = List.of("softnet_stat");

  private final SnapshotOptions options;
  private final HostFiles files;
  private final Runner runner;
  private final SpaceSnapshot.Links links;
  private final Sysctls sysctls = new Sysctls();

  /** Takes parts as they come, one after the other, on threads that differ. */
  @FunctionalInterface
  public interface Receiver {
    /** Takes one. */
    void part(SnapshotPart part) throws IOException;
  }

  Snapshot(SnapshotOptions options, HostFiles files, Runner runner, SpaceSnapshot.Links links) {
    this.options = options;
    this.files = files;
    this.runner = runner;
    this.links = links;
  }

  /** Prepares those of the box that this runs on. */
  public static Snapshot ofThisBox(SnapshotOptions options) {
    return new Snapshot(options, new HostFiles(Path.of("/")), new ChildProcess(), Link::all);
  }

  /** Returns the names of parts, by which they can be left out. */
  public static Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    SnapshotStep.ALL.forEach(step -> names.add(step.name()));
    SpaceSnapshot.COUNTERS.forEach(name -> names.add(SpaceSnapshot.partName(name)));
    names.addAll(WHOLE_BOX);
    names.add(SpaceSnapshot.SYSCTL);
    return names;
  }

  /**
   * Takes one. Before and after a recording it is of the own network namespace, of those with
   * names, and of those that were met; while recording of those alone that are asked for.
   *
   * @param met inode numbers of network namespaces
   * @throws IOException when the receiver fails
   */
  public void take(SnapshotPart.Phase phase, Set<Long> met, Receiver receiver)
      throws IOException, InterruptedException {
    if (options.omitted().contains("all")) {
      return;
    }
    PartTaker taker = new PartTaker(options, phase, files, runner, receiver);
    boolean standing = phase != SnapshotPart.Phase.DURING;
    Map<SnapshotStep, List<String>> commands = commands(standing ? taker : null);
    if (standing) {
      for (String name : WHOLE_BOX) {
        taker.file(name, "proc/net/" + name);
      }
    }
    List<NetworkNamespace> spaces = new ArrayList<>(new NamespaceSearch(files).find());
    spaces.removeIf(
        space -> !met.contains(space.inode()) && !(standing && (space.own() || space.named())));
    for (NetworkNamespace space : spaces) {
      taker.about(space.inode());
      if (spaces.indexOf(space) >= options.mostNamespaces()) {
        taker.problem("netns", "", "more than " + options.mostNamespaces() + " namespaces");
        break;
      }
      take(space, commands, taker);
    }
  }

  private void take(
      NetworkNamespace space, Map<SnapshotStep, List<String>> commands, PartTaker taker)
      throws IOException, InterruptedException {
    SpaceSnapshot parts = new SpaceSnapshot(files, commands, sysctls, links, taker);
    try {
      space.call(() -> {
        parts.take();
        return space;
      });
    } catch (NetworkNamespace.NotEntered e) {
      taker.problem("netns", space.handle().toString(), "cannot be entered: " + e.getMessage());
    }
  }

  /** Returns what can be run on this box, and tells of the rest why not. */
  private Map<SnapshotStep, List<String>> commands(@Nullable PartTaker taker) throws IOException {
    LoadedModules modules = new LoadedModules(files);
    Map<SnapshotStep, List<String>> commands = new LinkedHashMap<>();
    for (SnapshotStep step : SnapshotStep.ALL) {
      boolean safe = step.modules().isEmpty() || step.modules().stream().anyMatch(modules::safe);
      Optional<List<String>> command = safe ? step.command(runner) : Optional.empty();
      if (command.isPresent()) {
        commands.put(step, command.get());
      } else if (taker != null) {
        taker.problem(
            step.name(),
            "",
            safe
                ? String.join(" or ", step.program()) + " is not installed"
                : String.join(", ", step.modules()) + " is not in the kernel now");
      }
    }
    return commands;
  }
}
