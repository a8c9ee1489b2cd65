package dropsite.analyze.kernel;

import dropsite.analyze.input.StackEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a recording says about the kernel it was made on; empty where it says nothing.
 *
 * @param source the file it comes from, as the user named it; empty when there is none
 * @param release as {@code uname -r} prints it; null when not recorded
 * @param version as {@code uname -v} or /proc/version prints it; null when not recorded
 * @param buildId lower-case hex; null when not recorded
 * @param symbols run-time addresses by name
 * @param modules that were loaded
 * @param reasons the kernel's own drop reasons by number, names as its enum has them
 * @param subsystems which kinds of reasons the high 16 bits of a number tell apart, as the kernel's
 *     own enum names them
 * @param kallsyms where the kernel listed code that is not in vmlinux, and perhaps itself
 */
public record KernelFacts(
    String source,
    @Nullable String release,
    @Nullable String version,
    @Nullable String buildId,
    Map<String, Long> symbols,
    List<LoadedModule> modules,
    Map<Long, String> reasons,
    Map<Long, String> subsystems,
    Kallsyms kallsyms) {

  /** Nothing is known about the kernel. */
  public static final KernelFacts NONE =
      new KernelFacts("", null, null, Map.of(), List.of(), Map.of());

  /** Returns what a recording says that has no version, no subsystems and no part of kallsyms. */
  public KernelFacts(
      String source,
      @Nullable String release,
      @Nullable String buildId,
      Map<String, Long> symbols,
      List<LoadedModule> modules,
      Map<Long, String> reasons) {
    this(source, release, null, buildId, symbols, modules, reasons, Map.of(), Kallsyms.NONE);
  }

  /** Returns the same facts, said to be from a file of another name. */
  public KernelFacts from(String file) {
    return new KernelFacts(
        file, release, version, buildId, symbols, modules, reasons, subsystems, kallsyms);
  }

  /** Returns the same facts with a copy of kallsyms of the same boot. */
  public KernelFacts with(Kallsyms listed) {
    return new KernelFacts(
        source, release, version, buildId, symbols, modules, reasons, subsystems, listed);
  }

  /** Returns the release of the kernel that a stack is from; null when nothing tells. */
  public @Nullable String releaseOf(StackEvent stack) {
    return release == null ? stack.facts().release() : release;
  }

  /** Copies the collections. */
  public KernelFacts {
    symbols = Map.copyOf(symbols);
    modules = List.copyOf(modules);
    reasons = Map.copyOf(reasons);
    subsystems = Map.copyOf(subsystems);
  }
}
