package dropsite.analyze.kernel;

import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.SlideInference.Candidate;
import dropsite.analyze.kernel.SlideInference.Ranking;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Infers where modules were loaded of which the recording only says that they were, from the bare
 * return addresses in the space of modules, gathered over all stacks.
 *
 * <p>The rule is that of the kernel's slide ({@link SlideInference}), and none of the other modules
 * may explain the same addresses nearly as well, wherever it was loaded.
 */
final class InferredModules {
  /** More addresses say nothing new; every new one is compared with every module. */
  private static final int MOST_ADDRESSES = 128;

  private final KernelImage image;
  private final Set<Long> addresses = new LinkedHashSet<>();
  private final List<LoadedModule> placed = new ArrayList<>();
  private @Nullable Map<LoadedModule, Text> unplaced;

  InferredModules(KernelImage image) {
    this.image = image;
  }

  /**
   * The code of a module in its file.
   *
   * @param linkAddress where it begins
   */
  private record Text(SlideInference inference, ReturnSites sites, long linkAddress) {}

  /** Returns the module that was inferred to be at a run-time address, or null. */
  @Nullable LoadedModule moduleAt(long runtimeAddress) {
    for (LoadedModule module : placed) {
      if (module.covers(runtimeAddress)) {
        return module;
      }
    }
    return null;
  }

  /** Takes the return addresses of one more stack. */
  void add(List<StackFrame> frames) throws IOException {
    Map<LoadedModule, Text> modules = unplaced;
    if (modules == null) {
      modules = open();
      unplaced = modules;
    }
    if (modules.isEmpty() || addresses.size() >= MOST_ADDRESSES) {
      return;
    }
    List<Long> added =
        SlideFinder.returnAddresses(
            frames,
            address ->
                KernelMachine.X86_64.mayHoldModule(address) && image.moduleAt(address) == null);
    if (addresses.addAll(added)) {
      infer(modules);
    }
  }

  private Map<LoadedModule, Text> open() throws IOException {
    Map<LoadedModule, Text> modules = new LinkedHashMap<>();
    for (LoadedModule module : image.facts().modules()) {
      Optional<DebugSymbols> file =
          module.base() == 0 ? image.moduleNamed(module.name()) : Optional.empty();
      Optional<Long> text = file.flatMap(it -> it.addressIn(ModuleLayout.TEXT, 0));
      if (file.isPresent() && text.isPresent()) {
        ReturnSites.ofModule(file.get(), text.get())
            .ifPresent(sites ->
                modules.put(
                    module,
                    new Text(SlideInference.ofModule(sites, text.get()), sites, text.get())));
      }
    }
    return modules;
  }

  private void infer(Map<LoadedModule, Text> modules) {
    List<Long> all = List.copyOf(addresses);
    List<LoadedModule> found = new ArrayList<>();
    modules.forEach((module, text) -> {
      Ranking ranking = text.inference().rank(all);
      if (ranking.accepted()) {
        Candidate best = ranking.candidates().getFirst();
        List<Long> explained =
            all.stream()
                .filter(address ->
                    text.sites().inText(address - best.bytes())
                        && text.sites().verdict(address - best.bytes())
                            == ReturnSites.Verdict.RETURN)
                .toList();
        boolean rivalled =
            modules.entrySet().stream()
                .filter(other -> !other.getKey().equals(module))
                .anyMatch(other ->
                    other.getValue().inference().rank(explained).score()
                        > best.score() - SlideInference.LEAD);
        if (!rivalled) {
          found.add(
              new LoadedModule(
                  module.name(),
                  best.bytes() + text.linkAddress(),
                  text.sites().text().getFirst().high() - text.linkAddress(),
                  module.buildId()));
        }
      }
    });
    for (LoadedModule module : found) {
      placed.add(module);
      modules.keySet().removeIf(it -> it.name().equals(module.name()));
    }
    addresses.removeIf(address -> moduleAt(address) != null);
  }
}
