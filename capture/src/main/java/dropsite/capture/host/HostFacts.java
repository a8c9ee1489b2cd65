package dropsite.capture.host;

import dropsite.capture.libc.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is to be known about this box, asked without changing it: files are read, and nothing is
 * run. What cannot be read is left empty.
 */
public final class HostFacts {
  /** Of so many readings the tightest is taken; few are disturbed, so few are enough. */
  private static final int CLOCK_TRIES = 16;

  private static final int MOST_NAMESPACES = 1024;

  private final HostFiles files;

  HostFacts(HostFiles files) {
    this.files = files;
  }

  /** Asks the box that this runs on. */
  public static HostFacts ofThisBox() {
    return new HostFacts(new HostFiles(Path.of("/")));
  }

  /**
   * Reads the clocks at one moment: the other two between two readings of the first, which are as
   * close to each other as they were at the best of several tries.
   */
  public static HostKernel.ClockReading clocks() {
    long bestNanos = Long.MAX_VALUE;
    HostKernel.ClockReading best = new HostKernel.ClockReading(0, 0, 0);
    for (int i = 0; i < CLOCK_TRIES; i++) {
      long before = Clock.BOOTTIME.nanos();
      long real = Clock.REALTIME.nanos();
      long monotonic = Clock.MONOTONIC.nanos();
      long tookNanos = Clock.BOOTTIME.nanos() - before;
      if (tookNanos < bestNanos) {
        bestNanos = tookNanos;
        best = new HostKernel.ClockReading(before + tookNanos / 2, real, monotonic);
      }
    }
    return best;
  }

  /** Returns the name that the box has given itself; empty when it cannot be read. */
  public String name() {
    return files.text("proc/sys/kernel/hostname");
  }

  /**
   * Returns the running kernel.
   *
   * @param clocks readings to put beside it
   */
  public HostKernel kernel(List<HostKernel.ClockReading> clocks) {
    return new KernelReader(files).read(clocks);
  }

  /** Returns the modules that are loaded now; more may be while a recording lasts. */
  public List<HostModule> modules() {
    return new ModuleReader(files).read();
  }

  /** Returns how this kernel and its loaded modules number drop reasons; empty before 5.17. */
  public List<ReasonEnum> reasons() {
    return new ReasonReader(files).read();
  }

  /**
   * Returns lines of kallsyms for code that no debug file describes: BPF programs, and modules that
   * did not come with the kernel. Ask while the own probe is attached, so that it is among them.
   *
   * @param whole whether to return all of kallsyms too, about ten megabytes
   */
  public List<KernelSymbols> symbols(boolean whole) {
    Kallsyms kallsyms = new Kallsyms(files);
    List<KernelSymbols> symbols = new ArrayList<>(kallsyms.of(new ModuleReader(files).foreign()));
    if (whole) {
      try {
        symbols.add(kallsyms.all());
      } catch (IOException e) {
        return symbols; // not readable: then the lines above are missing too
      }
    }
    return symbols;
  }

  /** Returns the network namespaces of this box, and the devices of those that may be entered. */
  public List<NetworkNames> names() throws InterruptedException {
    List<NetworkNames> names = new ArrayList<>();
    for (NetworkNamespace space :
        new NamespaceSearch(files).find().stream().limit(MOST_NAMESPACES).toList()) {
      names.add(
          new NetworkNames(
              space.inode(),
              List.copyOf(space.names()),
              List.copyOf(space.pids()),
              devices(space).toList()));
    }
    return names;
  }

  private static Stream<NetworkNames.Interface> devices(NetworkNamespace space)
      throws InterruptedException {
    try {
      return space.call(Link::all).stream()
          .map(
              link -> new NetworkNames.Interface(link.ifindex(), link.name(), link.hardwareType()));
    } catch (IOException e) {
      return Stream.of();
    }
  }
}
