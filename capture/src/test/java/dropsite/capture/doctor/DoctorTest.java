package dropsite.capture.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.doctor.Check.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoctorTest {
  @TempDir private Path root;
  private FakeBox box;

  @BeforeEach
  void everythingWorks() throws IOException {
    box = new FakeBox(root);
    box.types(true);
  }

  @Test
  void aBoxOnWhichEverythingWorksIsFoundSo() {
    List<Check> checks = box.examine();
    assertThat(checks).extracting(Check::topic).containsExactly(Topic.values());
    assertThat(checks).allMatch(each -> each.state() == State.OK, "is ok");
    assertThat(SourceChoice.from(checks).verdicts())
        .containsExactly(
            new SourceChoice.Verdict(
                "bpf",
                true,
                "Records drop reasons, stacks, packets, interfaces, namespaces and sockets."),
            new SourceChoice.Verdict(
                "tracefs",
                true,
                "Records drop reasons, stacks, packets, interfaces and namespaces."),
            new SourceChoice.Verdict(
                "bpftrace",
                true,
                "The script of dropsite capture --print-bpftrace prints drop reasons, stacks and"
                    + " packets."),
            new SourceChoice.Verdict(
                "capture.sh",
                true,
                "Prints drop reasons, stacks and the snapshot; nothing has to be installed."));
    assertThat(SourceChoice.from(checks).automatic()).containsExactly("bpf", "tracefs");
  }

  @Test
  void withoutTypesTracefsIsLeftAndHasNoPackets() throws IOException {
    box.without("sys/kernel/btf/vmlinux");
    config("CONFIG_BPF_SYSCALL=y\nCONFIG_BPF_EVENTS=y\n# CONFIG_DEBUG_INFO_BTF is not set\n");
    assertThat(box.check(Topic.BTF).found())
        .isEqualTo("no /sys/kernel/btf/vmlinux: built without CONFIG_DEBUG_INFO_BTF");
    assertThat(box.check(Topic.TRACEPOINT).found()).isEqualTo("its event has skbaddr, reason");
    assertThat(SourceChoice.from(box.examine()).automatic()).containsExactly("tracefs");
    assertThat(box.verdict("bpf").why()).startsWith("kernel types (BTF): no /sys/kernel/btf");
    assertThat(box.verdict("tracefs").why())
        .startsWith("Records drop reasons, stacks, but no packets: kernel types (BTF): no /sys")
        .contains("--offsets FILE");
  }

  @Test
  void typesThatBreakTheirFormatAreMissing() throws IOException {
    box.file("sys/kernel/btf/vmlinux", "not types");
    assertThat(box.check(Topic.BTF).state()).isEqualTo(State.MISSING);
    assertThat(box.check(Topic.BTF).found()).contains("/sys/kernel/btf/vmlinux");
  }

  @Test
  void kernelsWithoutReasonsAreToldSo() throws IOException {
    box.types(false);
    Check check = box.check(Topic.TRACEPOINT);
    assertThat(check.state()).isEqualTo(State.WARNING);
    assertThat(check.found()).isEqualTo("passes skb, location");
    assertThat(box.verdict("bpf").why())
        .isEqualTo(
            "Records stacks (this kernel gives no drop reasons), packets, interfaces, namespaces"
                + " and sockets.");
  }

  @Test
  void aKernelThatHidesItsMemoryLetsNoSourceWork() throws IOException {
    box.file("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
    assertThat(box.check(Topic.LOCKDOWN).state()).isEqualTo(State.MISSING);
    assertThat(SourceChoice.from(box.examine()).verdicts())
        .allMatch(each -> !each.works() && each.why().startsWith("lockdown: "));
  }

  @Test
  void withoutTracefsBpfStillWorks() throws IOException {
    box.file("proc/self/mounts", "proc /proc proc rw 0 0\n");
    assertThat(box.check(Topic.TRACEFS))
        .isEqualTo(
            Check.missing(
                Topic.TRACEFS,
                "not mounted",
                "mount -t tracefs nodev /sys/kernel/tracing (fails where the kernel has no"
                    + " ftrace)"));
    assertThat(SourceChoice.from(box.examine()).automatic()).containsExactly("bpf");
    assertThat(box.verdict("capture.sh").why()).startsWith("tracefs: not mounted; ");
    assertThat(box.verdict("bpftrace").works()).isFalse();
    assertThat(box.verdict("bpftrace").why()).startsWith("tracefs: not mounted; ");
  }

  @Test
  void withoutTheEventThereIsNoScriptForBpftrace() throws IOException {
    box.without("sys/kernel/tracing/events/skb/kfree_skb/format");
    assertThat(box.verdict("bpftrace").works()).isFalse();
    assertThat(box.verdict("bpftrace").why())
        .startsWith("tracefs event: no /sys/kernel/tracing/events/skb/kfree_skb/format; ");
    assertThat(box.verdict("bpf").works()).isTrue();
  }

  @Test
  void tracefsIsFoundWhereverItIsMounted() throws IOException {
    Files.move(root.resolve("sys/kernel/tracing"), root.resolve("sys/trace here"));
    box.file("proc/self/mounts", "none /sys/trace\\040here tracefs rw 0 0\n");
    assertThat(box.check(Topic.TRACEFS)).isEqualTo(Check.ok(Topic.TRACEFS, "/sys/trace here"));
    assertThat(box.check(Topic.EVENT).found()).isEqualTo("skb:kfree_skb with skbaddr, reason");
  }

  @Test
  void kernelsBeforeEventProbesGiveTracefsNoPackets() throws IOException {
    box.file("sys/kernel/tracing/README", "dynamic_events\n");
    assertThat(box.check(Topic.EVENT_PROBES).state()).isEqualTo(State.MISSING);
    assertThat(box.verdict("tracefs").works()).isTrue();
    assertThat(box.verdict("tracefs").why()).contains("but no packets: event probes: none");
  }

  @Test
  void kernelsBuiltWithoutEventProbesAreNotBelievedWhatTheyDescribe() throws IOException {
    config("CONFIG_BPF_SYSCALL=y\nCONFIG_BPF_EVENTS=y\n# CONFIG_EPROBE_EVENTS is not set\n");
    assertThat(box.check(Topic.EVENT_PROBES).state()).isEqualTo(State.MISSING);
  }

  @Test
  void usersThatAreNotRootAreToldWhatTheyLack() throws IOException {
    box.file("proc/self/status", "CapEff:\t0000000000000000\n");
    box.withoutSymbols();
    assertThat(box.check(Topic.CAPABILITIES).state()).isEqualTo(State.MISSING);
    assertThat(box.check(Topic.ADDRESSES).state()).isEqualTo(State.WARNING);
    assertThat(box.check(Topic.PERF_EVENTS).state()).isEqualTo(State.WARNING);
    assertThat(box.verdict("bpf").why())
        .isEqualTo(
            "capabilities: none of those of use; run as root, or with CAP_BPF and CAP_PERFMON"
                + " (before 5.8: CAP_SYS_ADMIN).");
  }

  @Test
  void twoCapabilitiesAreEnoughForBpf() throws IOException {
    box.file("proc/self/status", "CapEff:\t%016x\n".formatted(1L << 38 | 1L << 39));
    Check check = box.check(Topic.CAPABILITIES);
    assertThat(check.state()).isEqualTo(State.WARNING);
    assertThat(check.found())
        .isEqualTo(
            "CAP_PERFMON, CAP_BPF; not CAP_NET_ADMIN, CAP_SYS_PTRACE, CAP_SYS_ADMIN, CAP_SYSLOG");
    assertThat(box.verdict("bpf").works()).isTrue();
  }

  @Test
  void capabilitiesInsideAUserNamespaceDoNotCount() throws IOException {
    box.link("proc/self/ns/user", "user:[4026532222]");
    assertThat(box.check(Topic.CAPABILITIES).found()).contains("only inside a user namespace");
    assertThat(box.verdict("bpf").works()).isFalse();
  }

  @Test
  void containersAreSeen() throws IOException {
    box.link("proc/self/ns/pid", "pid:[4026532333]");
    box.file("proc/self/mounts", "proc /proc proc rw,hidepid=invisible 0 0\n");
    assertThat(box.check(Topic.CONTAINER).found())
        .contains("own process namespace")
        .contains("hidepid");
  }

  @Test
  void kernelsBuiltWithoutBpfAreToldFromTheirConfiguration() throws IOException {
    config("CONFIG_BPF_SYSCALL=y\n# CONFIG_BPF_EVENTS is not set\n");
    assertThat(box.check(Topic.BPF).found())
        .isEqualTo("the kernel was built without CONFIG_BPF_EVENTS");
    assertThat(box.verdict("bpf").works()).isFalse();
  }

  @Test
  void theConfigurationMayLieInBoot() throws IOException {
    box.file("boot/config-6.1.0-56-amd64", "# CONFIG_BPF_SYSCALL is not set\n");
    assertThat(box.check(Topic.BPF).state()).isEqualTo(State.MISSING);
  }

  @Test
  void anOldKernelWithFewLibrariesIsLeftTheScript() throws IOException {
    box.kernel("4.18.0-553.el8.x86_64", "ppc64le");
    box.libraries(new NativeLibraries("", Optional.empty(), ""));
    box.without("sys/kernel/tracing/instances");
    box.without("usr/sbin/bpftrace");
    box.without("usr/sbin/nft");
    assertThat(box.check(Topic.KERNEL).state()).isEqualTo(State.WARNING);
    assertThat(box.check(Topic.LIBBPF).state()).isEqualTo(State.MISSING);
    assertThat(box.check(Topic.RING_BUFFER).state()).isEqualTo(State.WARNING);
    assertThat(box.check(Topic.LIBPCAP).state()).isEqualTo(State.WARNING);
    assertThat(box.check(Topic.LOCKED_MEMORY).state()).isEqualTo(State.WARNING);
    assertThat(box.check(Topic.TOOLS).found()).endsWith("ethtool; not nft");
    SourceChoice choice = SourceChoice.from(box.examine());
    assertThat(choice.automatic()).isEmpty();
    assertThat(choice.verdicts())
        .filteredOn(SourceChoice.Verdict::works)
        .extracting(SourceChoice.Verdict::source)
        .containsExactly("capture.sh");
  }

  @Test
  void aSlowBpfAndAnUnknownBuildAreWarnedOf() throws IOException {
    box.file("proc/sys/net/core/bpf_jit_enable", "0\n");
    assertThat(box.check(Topic.JIT).state()).isEqualTo(State.WARNING);
    box.libraries(new NativeLibraries("libbpf.so.0", Optional.of(false), ""));
    assertThat(box.check(Topic.RING_BUFFER).state()).isEqualTo(State.MISSING);
  }

  @Test
  void anEmptyBoxIsExaminedToo() throws IOException {
    Path nothing = Files.createDirectory(root.resolve("nothing"));
    KernelChecks kernel =
        new KernelChecks(new BoxFiles(nothing), FakeBox.unknownKernel(), List.of());
    assertThat(kernel.bpf().state()).isEqualTo(State.MISSING);
    assertThat(kernel.tracepoint(List.of()).state()).isEqualTo(State.WARNING);
    assertThat(kernel.compiler().state()).isEqualTo(State.OK);
    assertThat(kernel.buildId().state()).isEqualTo(State.WARNING);
  }

  @Test
  void theOutputFolderHasToBeOne() {
    BoxChecks checks = new BoxChecks(new BoxFiles(root), List.of());
    assertThat(checks.output(root).state()).isEqualTo(State.OK);
    assertThat(checks.output(root.resolve("not-here")).found()).endsWith("not-here is no folder");
  }

  @Test
  void theTableFitsItsWidthAndHoldsNoControlSequences() throws IOException {
    box.file("proc/sys/kernel/kptr_restrict", "2\u001b[31m");
    box.withoutSymbols();
    List<Check> checks = box.examine();
    List<String> lines = DoctorTable.lines(checks, SourceChoice.from(checks), 80);
    assertThat(lines)
        .filteredOn(line -> !line.contains(root.toString()))
        .allMatch(line -> line.length() <= 80 && line.matches("[ -~]*"));
    assertThat(lines)
        .contains(
            "ok       lockdown             none [integrity] confidentiality",
            "warning  kernel addresses     kallsyms shows none; kptr_restrict 2?[31m",
            "                              -> run as root; if it is 2: sysctl",
            "works    bpf         Records drop reasons, stacks, packets, interfaces,");
  }

  private void config(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    Files.write(box.file("proc/config.gz", ""), packed.toByteArray());
  }
}
