package dropsite.analyze.input;

import java.util.Set;

/** What the name of an event of perf tells. */
final class PerfEvent {
  /**
   * Events that the kernel counts itself, at a place in its own code that it takes from its own
   * stack (include/linux/perf_event.h: perf_fetch_caller_regs), as tracepoints do.
   */
  private static final Set<String> CALLED =
      Set.of(
          "context-switches",
          "cs",
          "cpu-migrations",
          "migrations",
          "cgroup-switches",
          "bpf-output");

  /** Groups of probes that perf and tracefs make: the place is the one probed. */
  private static final Set<String> PROBES = Set.of("probe", "kprobes");

  /** What may follow the colon of an event that is no tracepoint (perf-list(1)). */
  private static final String MODIFIERS = "ukhIGHpPSDeWbR";

  private PerfEvent() {}

  /**
   * Returns whether the topmost frame is where the processor was, taken from its registers, rather
   * than a return address. Without a name: no.
   */
  static boolean hasExactPlace(String name) {
    int colon = name.indexOf(':');
    boolean modified =
        colon >= 0 && name.chars().skip(colon + 1L).allMatch(c -> MODIFIERS.indexOf(c) >= 0);
    if (colon < 0 || modified) {
      return !name.isEmpty() && !CALLED.contains(colon < 0 ? name : name.substring(0, colon));
    }
    return PROBES.contains(name.substring(0, colon));
  }
}
