package dropsite.analyze.kernel;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A module as it was loaded.
 *
 * @param name with underscores, as /proc/modules prints it
 * @param base run-time address of the module's code, where its .text begins; 0 when the kernel hid
 *     it
 * @param sizeBytes of the module in memory
 * @param buildId lower-case hex; null when not recorded
 * @param sections run-time addresses by name; those that are not recorded are missing, and without
 *     .text among them that is at the base and nothing else is known
 */
public record LoadedModule(
    String name, long base, long sizeBytes, @Nullable String buildId, Map<String, Long> sections) {

  /** Copies the map. */
  public LoadedModule {
    sections = Map.copyOf(sections);
  }

  /** Returns a module of which no sections are recorded. */
  public LoadedModule(String name, long base, long sizeBytes, @Nullable String buildId) {
    this(name, base, sizeBytes, buildId, Map.of());
  }

  /** Returns whether a run-time address lies in the module. */
  boolean covers(long runtimeAddress) {
    return base != 0 && Long.compareUnsigned(runtimeAddress - base, sizeBytes) < 0;
  }

  /** Returns where sections are known to be. */
  Map<String, Long> places() {
    return sections.containsKey(ModuleLayout.TEXT) ? sections : Map.of(ModuleLayout.TEXT, base);
  }
}
