package dropsite.capture.doctor;

import dropsite.capture.host.HostKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process may do and see. */
final class ProcessChecks {
  private static final int SYS_ADMIN = 21;
  private static final int PERFMON = 38;
  private static final int BPF = 39;

  /** Bits of uapi/linux/capability.h that recording has a use for. */
  private static final Map<Integer, String> CAPABILITIES =
      new TreeMap<>(
          Map.of(
              12,
              "CAP_NET_ADMIN",
              19,
              "CAP_SYS_PTRACE",
              SYS_ADMIN,
              "CAP_SYS_ADMIN",
              34,
              "CAP_SYSLOG",
              PERFMON,
              "CAP_PERFMON",
              BPF,
              "CAP_BPF"));

  /** Of the first namespaces (include/linux/proc_ns.h); the same on every box. */
  private static final String FIRST_USERS = "user:[4026531837]";

  private static final String FIRST_PROCESSES = "pid:[4026531836]";

  /** Kernels before ask BPF to stay below the limit: their release is all there is to go by. */
  private static final Pattern OLD = Pattern.compile("4\\..*|5\\.([0-9]|10)\\..*");

  private static final Pattern LIMIT = Pattern.compile("Max locked memory +(\\w+).*");
  private static final long ENOUGH_LOCKED_BYTES = 64 << 20;

  private final BoxFiles files;
  private final HostKernel kernel;

  ProcessChecks(BoxFiles files, HostKernel kernel) {
    this.files = files;
    this.kernel = kernel;
  }

  private long effective() {
    for (String line : files.lines("proc/self/status")) {
      if (line.matches("CapEff:\\s*[0-9a-f]{1,16}")) {
        return Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
      }
    }
    return 0;
  }

  private boolean may(int capability) {
    return (effective() >>> capability & 1) != 0;
  }

  Check capabilities() {
    List<String> has = new ArrayList<>();
    List<String> lacks = new ArrayList<>();
    CAPABILITIES.forEach((bit, name) -> (may(bit) ? has : lacks).add(name));
    String found = has.isEmpty() ? "none of those of use" : String.join(", ", has);
    if (!files.link("proc/self/ns/user").orElse(FIRST_USERS).equals(FIRST_USERS)) {
      return Check.missing(
          Topic.CAPABILITIES,
          found + ", but only inside a user namespace, where they do not reach the kernel",
          "run outside of it, on the host");
    }
    if (!may(SYS_ADMIN) && !(may(BPF) && may(PERFMON))) {
      return Check.missing(
          Topic.CAPABILITIES,
          found,
          "run as root, or with CAP_BPF and CAP_PERFMON (before 5.8: CAP_SYS_ADMIN)");
    }
    return lacks.isEmpty()
        ? Check.ok(Topic.CAPABILITIES, found)
        : Check.warning(
            Topic.CAPABILITIES,
            found + "; not " + String.join(", ", lacks),
            "root has all: the snapshot enters namespaces with CAP_SYS_ADMIN and reads rules with"
                + " CAP_NET_ADMIN; addresses take CAP_SYSLOG");
  }

  Check lockdown() {
    Optional<String> text = files.text("sys/kernel/security/lockdown");
    if (text.isEmpty()) {
      return Check.ok(Topic.LOCKDOWN, "none, or securityfs is not mounted");
    }
    return text.get().contains("[confidentiality]")
        ? Check.missing(
            Topic.LOCKDOWN,
            text.get() + ": the kernel lets nobody read its memory",
            "boot without lockdown=confidentiality; no source works with it")
        : Check.ok(Topic.LOCKDOWN, text.get());
  }

  Check perfEvents() {
    Optional<String> value = files.text("proc/sys/kernel/perf_event_paranoid");
    if (value.isEmpty()) {
      return Check.ok(Topic.PERF_EVENTS, "none: no perf here, and none needed");
    }
    boolean allowed = may(SYS_ADMIN) || may(PERFMON) || value.get().startsWith("-");
    return allowed
        ? Check.ok(Topic.PERF_EVENTS, value.get() + "; does not bind us")
        : Check.warning(
            Topic.PERF_EVENTS, value.get(), "run as root, or with CAP_PERFMON, or set it to -1");
  }

  Check lockedMemory() {
    String limit = "not known";
    for (String line : files.lines("proc/self/limits")) {
      Matcher matcher = LIMIT.matcher(line);
      if (matcher.matches()) {
        limit = matcher.group(1);
      }
    }
    boolean small = limit.matches("\\d{1,18}") && Long.parseLong(limit) < ENOUGH_LOCKED_BYTES;
    String found = limit.matches("\\d+") ? limit + " bytes" : limit;
    if (small && OLD.matcher(kernel.release()).matches()) {
      return Check.warning(
          Topic.LOCKED_MEMORY,
          found + ", which kernels before 5.11 hold BPF to",
          "ulimit -l unlimited, or a smaller --buffer");
    }
    return Check.ok(
        Topic.LOCKED_MEMORY, small ? found + "; this kernel holds no BPF to it" : found);
  }

  Check container() {
    List<String> signs = new ArrayList<>();
    if (!files.link("proc/self/ns/pid").orElse(FIRST_PROCESSES).equals(FIRST_PROCESSES)) {
      signs.add("own process namespace: processes and namespaces of the host are not seen");
    }
    boolean hidden =
        files.lines("proc/self/mounts").stream()
            .map(line -> line.split(" ", -1))
            .anyMatch(words ->
                words.length > 3
                    && words[1].equals("/proc")
                    && words[3].matches(
                        "(.*,)?hidepid=(1|2|4|noaccess|invisible|ptraceable)(,.*)?"));
    if (hidden) {
      signs.add("/proc hides processes of others (hidepid)");
    }
    return signs.isEmpty()
        ? Check.ok(Topic.CONTAINER, "none seen: processes and namespaces of the box are visible")
        : Check.warning(
            Topic.CONTAINER,
            String.join("; ", signs),
            "run on the host, or with its process namespace (docker run --pid=host --privileged):"
                + " drops are seen, names of network namespaces are not");
  }
}
