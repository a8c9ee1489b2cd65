package dropsite.capture.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dropsite.capture.Losses;
import dropsite.capture.ProbeOptions;
import dropsite.capture.libc.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** What the program counted on each CPU ({@code struct cpu} of bpf/drops.bpf.c), and the kernel. */
final class Counters {
  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_LONG.withName("passed"),
          JAVA_LONG.withName("filtered"),
          JAVA_LONG.withName("ring_full"),
          JAVA_LONG.withName("rate_limited"),
          JAVA_LONG.withName("nested"),
          JAVA_LONG.withName("stacks_cut"),
          JAVA_LONG.withName("stacks_missing"),
          JAVA_LONG.withName("packets_unreadable"),
          JAVA_LONG.withName("due_nanos"),
          JAVA_LONG.withName("woken_at"),
          JAVA_LONG.withName("preempt_count"),
          JAVA_LONG.withName("busy"),
          MemoryLayout.structLayout(
                  EventLayout.LAYOUT.withName("head"),
                  MemoryLayout.sequenceLayout(
                          ProbeOptions.MOST_SNAP_BYTES
                              + (long) EventLayout.MOST_STACK_WORDS * Long.BYTES,
                          JAVA_BYTE)
                      .withName("data"))
              .withName("event"));

  /** recursion_misses of struct bpf_prog_info (uapi/linux/bpf.h), since 5.12. */
  private static final long RECURSION_MISSES = 208;

  private static final long INFO_BYTES = 256;

  private final Libbpf libbpf;
  private final int mapFile;
  private final int[] programFiles;
  private final int cpus;

  /**
   * @param mapFile the map with a value for each CPU
   * @param programFiles the programs that are loaded
   */
  Counters(Libbpf libbpf, int mapFile, int... programFiles) throws Errno {
    this.libbpf = libbpf;
    this.mapFile = mapFile;
    this.programFiles = programFiles.clone();
    cpus = libbpf.possibleCpus();
  }

  Losses read() throws Errno {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = arena.allocate(LAYOUT, cpus);
      libbpf.lookUp(mapFile, arena.allocate(JAVA_INT), values);
      long recursion = sum(values, "nested") + missed(arena);
      return new Losses(
          sum(values, "passed") + recursion,
          sum(values, "filtered"),
          sum(values, "ring_full"),
          sum(values, "rate_limited"),
          recursion,
          sum(values, "stacks_cut"),
          sum(values, "stacks_missing"),
          sum(values, "packets_unreadable"));
    }
  }

  private long sum(MemorySegment values, String member) {
    long offset = LAYOUT.byteOffset(PathElement.groupElement(member));
    long sum = 0;
    for (int cpu = 0; cpu < cpus; cpu++) {
      sum += values.get(JAVA_LONG, cpu * LAYOUT.byteSize() + offset);
    }
    return sum;
  }

  /** Returns how often the kernel did not run a program because it was running on that CPU. */
  private long missed(Arena arena) throws Errno {
    long missed = 0;
    for (int file : programFiles) {
      MemorySegment info = arena.allocate(INFO_BYTES, Long.BYTES);
      if (libbpf.info(file, info) >= RECURSION_MISSES + Long.BYTES) {
        missed += info.get(JAVA_LONG, RECURSION_MISSES);
      }
    }
    return missed;
  }
}
