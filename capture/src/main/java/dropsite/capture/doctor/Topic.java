package dropsite.capture.doctor;

/** What is looked at on a box. */
public enum Topic {
  /** Release, version and machine. */
  KERNEL("kernel"),
  /** The kernel's own types, which tell where members of its structures lie. */
  BTF("kernel types (BTF)"),
  /** What the tracepoint passes to probes. */
  TRACEPOINT("tracepoint"),
  /** The system call and the events that programs are attached to. */
  BPF("BPF"),
  /** How events leave the kernel. */
  RING_BUFFER("BPF ring buffer"),
  /** Whether programs are compiled. */
  JIT("BPF compiler (JIT)"),
  /** The library that loads programs. */
  LIBBPF("libbpf"),
  /** What the process may do. */
  CAPABILITIES("capabilities"),
  /** Whether the kernel hides itself even from root. */
  LOCKDOWN("lockdown"),
  /** Where ftrace is operated. */
  TRACEFS("tracefs"),
  /** A recording of its own in ftrace. */
  INSTANCES("tracefs instances"),
  /** The tracepoint as an event of ftrace. */
  EVENT("tracefs event"),
  /** Events made of events, which read the packet. */
  EVENT_PROBES("event probes"),
  /** The command of that name. */
  BPFTRACE("bpftrace"),
  /** The library that compiles filter expressions. */
  LIBPCAP("libpcap"),
  /** Whether run-time addresses of the kernel can be read. */
  ADDRESSES("kernel addresses"),
  /** What tells one build of a kernel from another. */
  BUILD_ID("kernel build-id"),
  /** Whether perf may be used. */
  PERF_EVENTS("perf_event_paranoid"),
  /** How much memory may be locked, which older kernels ask of BPF. */
  LOCKED_MEMORY("locked memory"),
  /** Commands whose output is recorded beside the events. */
  TOOLS("snapshot tools"),
  /** Where the recording goes. */
  OUTPUT("output folder"),
  /** Whether only a part of the box can be seen. */
  CONTAINER("container");

  private final String title;

  Topic(String title) {
    this.title = title;
  }

  /** Returns its name in a table. */
  public String title() {
    return title;
  }
}
