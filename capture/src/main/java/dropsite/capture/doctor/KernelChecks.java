package dropsite.capture.doctor;

import dropsite.btf.Btf;
import dropsite.btf.BtfParameter;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import dropsite.capture.host.HostKernel;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the kernel was built with and tells about itself. */
final class KernelChecks {
  private static final String TYPES = "sys/kernel/btf/vmlinux";
  private static final int MOST_TYPE_BYTES = 64 << 20;
  private static final String REASON = "reason";
  private static final String TRACEPOINT = "btf_trace_kfree_skb";

  private final BoxFiles files;
  private final HostKernel kernel;
  private final List<String> configuration;
  private @Nullable Btf types;
  private List<String> arguments = List.of();
  private String typesProblem;

  KernelChecks(BoxFiles files, HostKernel kernel, List<String> configuration) {
    this.files = files;
    this.kernel = kernel;
    this.configuration = configuration;
    typesProblem = "no /" + TYPES + not("CONFIG_DEBUG_INFO_BTF");
    files.bytes(TYPES, MOST_TYPE_BYTES).ifPresent(this::read);
  }

  private void read(byte[] bytes) {
    try {
      Btf read = Btf.read(new Bytes("/" + TYPES, "BTF", MemorySegment.ofArray(bytes), false));
      arguments = arguments(read);
      types = read;
    } catch (MalformedInputException e) {
      typesProblem = String.valueOf(e.getMessage());
    }
  }

  Check kernel() {
    String found = (kernel.release() + " " + kernel.machine() + ", " + kernel.version()).strip();
    return switch (kernel.machine()) {
      case "x86_64", "aarch64" -> Check.ok(Topic.KERNEL, found);
      default ->
          Check.warning(
              Topic.KERNEL, found, "dropsite is not tested on this machine, only on x86_64");
    };
  }

  Check types() {
    return types != null
        ? Check.ok(Topic.BTF, "/" + TYPES)
        : Check.missing(
            Topic.BTF,
            typesProblem,
            "needs a kernel built with CONFIG_DEBUG_INFO_BTF; without, source tracefs records"
                + " packets with --offsets FILE, made elsewhere by: dropsite offsets VMLINUX");
  }

  /**
   * @param fields of the event in tracefs, for kernels that have no types
   */
  Check tracepoint(List<String> fields) {
    boolean fromTypes = !arguments.isEmpty();
    List<String> passed = fromTypes ? arguments : fields;
    if (passed.isEmpty()) {
      return Check.warning(
          Topic.TRACEPOINT, "not known what it passes", "mend kernel types or tracefs");
    }
    String found = (fromTypes ? "passes " : "its event has ") + String.join(", ", passed);
    return passed.contains(REASON)
        ? Check.ok(Topic.TRACEPOINT, found)
        : Check.warning(
            Topic.TRACEPOINT,
            found,
            "this kernel gives no drop reasons (they came with 5.17); the stack tells as much");
  }

  private static List<String> arguments(Btf types) {
    // The first is the tracepoint's own; the names of the others are not kept there.
    return types.parameters(TRACEPOINT).orElse(List.of()).stream()
        .skip(1)
        .map(BtfParameter::type)
        .map(type ->
            type.contains("drop_reason")
                ? REASON
                : switch (type) {
                  case "struct sk_buff *" -> "skb";
                  case "void *" -> "location";
                  case "struct sock *", "const struct sock *" -> "rx_sk";
                  default -> type;
                })
        .toList();
  }

  Check bpf() {
    List<String> off =
        Stream.of("CONFIG_BPF_SYSCALL", "CONFIG_BPF_EVENTS")
            .filter(name -> !configuration.isEmpty() && !configuration.contains(name + "=y"))
            .toList();
    Optional<String> unprivileged = files.text("proc/sys/kernel/unprivileged_bpf_disabled");
    if (!off.isEmpty() || (configuration.isEmpty() && unprivileged.isEmpty())) {
      return Check.missing(
          Topic.BPF,
          off.isEmpty()
              ? "no sign of the system call, and no configuration of the kernel to ask"
              : "the kernel was built without " + String.join(" and ", off),
          "use source tracefs");
    }
    return Check.ok(
        Topic.BPF,
        "system call"
            + (configuration.isEmpty() ? "" : " and tracing programs")
            + unprivileged.map(value -> "; unprivileged_bpf_disabled " + value).orElse(""));
  }

  /**
   * @param made whether one could be made
   */
  Check ringBuffer(Optional<Boolean> made) {
    if (made.isEmpty()) {
      return Check.warning(
          Topic.RING_BUFFER, "not known: no libbpf that can ask", "install a libbpf from 0.7 on");
    }
    return made.get()
        ? Check.ok(Topic.RING_BUFFER, "can be made")
        : Check.missing(
            Topic.RING_BUFFER,
            "cannot be made",
            "needs root, and a kernel from 5.8 on or one that has it too; else use source tracefs");
  }

  Check compiler() {
    Optional<String> value = files.text("proc/sys/net/core/bpf_jit_enable");
    if (value.isEmpty()) {
      return Check.ok(Topic.JIT, "not known: net.core.bpf_jit_enable is not here");
    }
    return value.get().equals("0")
        ? Check.warning(
            Topic.JIT,
            "off: programs are interpreted, which costs several times as much per drop",
            "sysctl net.core.bpf_jit_enable=1")
        : Check.ok(Topic.JIT, "on (net.core.bpf_jit_enable " + value.get() + ")");
  }

  Check addresses() {
    String restricted = files.text("proc/sys/kernel/kptr_restrict").orElse("?");
    return kernel.symbols().isEmpty()
        ? Check.warning(
            Topic.ADDRESSES,
            "kallsyms shows none; kptr_restrict " + restricted,
            "run as root; if it is 2: sysctl kernel.kptr_restrict=1. Without, dropsite has to infer"
                + " where the kernel lies")
        : Check.ok(Topic.ADDRESSES, "shown by kallsyms; kptr_restrict " + restricted);
  }

  Check buildId() {
    return kernel.buildId().isEmpty()
        ? Check.warning(
            Topic.BUILD_ID,
            "none in /sys/kernel/notes",
            "keep the very vmlinux of this kernel: nothing tells a wrong one")
        : Check.ok(Topic.BUILD_ID, kernel.buildId());
  }

  private String not(String option) {
    return configuration.isEmpty() || configuration.contains(option + "=y")
        ? ""
        : ": built without " + option;
  }
}
