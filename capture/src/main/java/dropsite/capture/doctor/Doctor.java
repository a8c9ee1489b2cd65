package dropsite.capture.doctor;

import dropsite.capture.host.HostFacts;
import dropsite.capture.host.HostKernel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Looks at a box without changing it, and says of each thing that recording needs how it is. */
public final class Doctor {
  private final BoxFiles files;
  private final HostKernel kernel;
  private final NativeLibraries libraries;
  private final List<Path> programs;

  /**
   * @param root of the file system
   * @param kernel that runs
   * @param libraries of the box
   * @param programs folders in which commands are looked for
   */
  Doctor(Path root, HostKernel kernel, NativeLibraries libraries, List<Path> programs) {
    files = new BoxFiles(root);
    this.kernel = kernel;
    this.libraries = libraries;
    this.programs = programs;
  }

  /** Looks at the box that this runs on. */
  public static Doctor ofThisBox() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    List<Path> programs = new ArrayList<>();
    Arrays.stream(path.split(":", -1))
        .filter(p -> p.startsWith("/"))
        .map(Path::of)
        .forEach(programs::add);
    // Where a user who is not root finds nothing, but the snapshot does.
    programs.add(Path.of("/usr/sbin"));
    programs.add(Path.of("/sbin"));
    return new Doctor(
        Path.of("/"),
        HostFacts.ofThisBox().kernel(List.of()),
        NativeLibraries.ofThisBox(),
        programs);
  }

  /**
   * Returns what was found, one check of each topic, in the order of topics.
   *
   * @param output folder that a recording is to be written to
   */
  public List<Check> examine(Path output) {
    List<String> configuration = files.configuration(kernel.release());
    KernelChecks kernelChecks = new KernelChecks(files, kernel, configuration);
    TracefsChecks tracefs = TracefsChecks.find(files);
    ProcessChecks process = new ProcessChecks(files, kernel);
    BoxChecks box = new BoxChecks(files, programs);
    return List.of(
        kernelChecks.kernel(),
        kernelChecks.types(),
        kernelChecks.tracepoint(tracefs.fields()),
        kernelChecks.bpf(),
        kernelChecks.ringBuffer(libraries.ringBuffer()),
        kernelChecks.compiler(),
        library(
            Topic.LIBBPF,
            libraries.libbpf(),
            "no libbpf.so.1 or libbpf.so.0",
            "install libbpf (package libbpf1 or libbpf)"),
        process.capabilities(),
        process.lockdown(),
        tracefs.mounted(),
        tracefs.instances(),
        tracefs.event(),
        tracefs.probes(configuration),
        box.bpftrace(),
        library(
            Topic.LIBPCAP,
            libraries.libpcap(),
            "no libpcap.so.1 or libpcap.so.0.8",
            "only --filter needs it: install libpcap (package libpcap0.8 or libpcap)"),
        kernelChecks.addresses(),
        kernelChecks.buildId(),
        process.perfEvents(),
        process.lockedMemory(),
        box.tools(),
        box.output(output),
        process.container());
  }

  private static Check library(Topic topic, String found, String otherwise, String advice) {
    if (!found.isEmpty()) {
      return Check.ok(topic, found);
    }
    return topic == Topic.LIBPCAP
        ? Check.warning(topic, otherwise, advice)
        : Check.missing(topic, otherwise, advice);
  }
}
