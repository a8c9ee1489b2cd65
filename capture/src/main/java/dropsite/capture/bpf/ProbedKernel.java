package dropsite.capture.bpf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dropsite.btf.Btf;
import dropsite.btf.BtfMember;
import dropsite.btf.BtfParameter;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the probe has to know of the running kernel before it is loaded.
 *
 * @param dropArguments how many arguments tracepoint skb:kfree_skb has: skb and location, then
 *     reason, then rx_sk; distributions add them to older kernels, so the version does not tell
 * @param consumeArguments the same of skb:consume_skb; 0 when there is none
 * @param stackWords as many addresses as the kernel gives of a stack
 * @param preemptCount address of the per-CPU variable that tells whether an interrupt is being
 *     served, as kallsyms has it; 0 when not known or not needed
 * @param perCpuOffset address of the table of what to add to that for each CPU
 * @param countsInTask whether the kernel keeps that count in the task instead
 */
record ProbedKernel(
    int dropArguments,
    int consumeArguments,
    int stackWords,
    long preemptCount,
    long perCpuOffset,
    boolean countsInTask) {
  static final int DROP_ARGUMENTS_WITH_REASON = 3;

  private static final String DROP = "btf_trace_kfree_skb";
  private static final String CONSUME = "btf_trace_consume_skb";
  private static final Path KALLSYMS = Path.of("/proc/kallsyms");
  private static final Path STACK_WORDS = Path.of("/proc/sys/kernel/perf_event_max_stack");

  /** x86: the variable by itself, or (6.2 to 6.14) in a structure. */
  private static final String COUNT = "__preempt_count";

  private static final String HOT = "pcpu_hot";
  private static final String OFFSETS = "__per_cpu_offset";

  static ProbedKernel running(Btf types) throws IOException {
    boolean inTask = types.member("thread_info", "preempt_count").isPresent();
    Map<String, Long> symbols = inTask ? Map.of() : addresses(Set.of(COUNT, HOT, OFFSETS));
    long count = symbols.getOrDefault(COUNT, 0L);
    if (count == 0 && symbols.containsKey(HOT)) {
      long inside =
          types.member(HOT, "preempt_count").map(BtfMember::offsetBytes).orElse(Long.MIN_VALUE);
      count = inside < 0 ? 0 : symbols.getOrDefault(HOT, 0L) + inside;
    }
    long offsets = symbols.getOrDefault(OFFSETS, 0L);
    return new ProbedKernel(
        arguments(types, DROP),
        arguments(types, CONSUME),
        mostStackWords(),
        offsets == 0 ? 0 : count,
        offsets,
        inTask);
  }

  /** Returns whether an interrupted task can be told from one that is running itself. */
  boolean tellsInterrupted() {
    return countsInTask || preemptCount != 0;
  }

  private static int mostStackWords() throws IOException {
    // With one large read: the kernel gives what a first small one leaves to nobody.
    try (BufferedReader lines = Files.newBufferedReader(STACK_WORDS, ISO_8859_1)) {
      String line = lines.readLine();
      return line == null ? EventLayout.MOST_STACK_WORDS : Integer.parseInt(line.strip());
    } catch (NumberFormatException e) {
      throw new IOException(STACK_WORDS + ": no number");
    }
  }

  /** The first parameter is the probe's own. */
  private static int arguments(Btf types, String tracepoint) {
    List<BtfParameter> parameters = types.parameters(tracepoint).orElse(List.of());
    return Math.max(parameters.size() - 1, 0);
  }

  private static Map<String, Long> addresses(Set<String> names) throws IOException {
    Map<String, Long> found = new HashMap<>();
    try (BufferedReader lines = Files.newBufferedReader(KALLSYMS, ISO_8859_1)) {
      String line;
      while (found.size() < names.size() && (line = lines.readLine()) != null) {
        int name = line.lastIndexOf(' ') + 1;
        // Those of modules end in [module], and never match.
        if (names.contains(line.substring(name))) {
          found.put(line.substring(name), Long.parseUnsignedLong(line, 0, line.indexOf(' '), 16));
        }
      }
    }
    return found;
  }
}
