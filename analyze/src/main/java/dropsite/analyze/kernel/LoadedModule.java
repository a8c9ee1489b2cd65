package dropsite.analyze.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A module as it was loaded.
 *
 * @param name with underscores, as /proc/modules prints it
 * @param base run-time address of the module's code, where its .text begins
 * @param sizeBytes of the module in memory
 * @param buildId lower-case hex; null when not recorded
 */
public record LoadedModule(String name, long base, long sizeBytes, @Nullable String buildId) {

  /** Returns whether a run-time address lies in the module. */
  boolean covers(long runtimeAddress) {
    return Long.compareUnsigned(runtimeAddress - base, sizeBytes) < 0;
  }
}
