package dropsite.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A distribution kernel that {@code testdata/kernels/fetch} unpacks, and how much of it is drawn.
 */
enum KernelBuild {
  AMD64_6_1("6.1", "", 50_000, 60, 10_000),
  AMD64_6_12("6.12", "", 50_000, 60, 10_000),
  ARM64("arm64", "aarch64-linux-gnu-", 10_000, 20, 5_000),
  I386("i386", "i686-linux-gnu-", 10_000, 20, 5_000),
  S390X("s390x", "s390x-linux-gnu-", 10_000, 20, 5_000);

  /** Seed of every draw, so that all runs ask for the same addresses. */
  static final long SEED = 20_240_607;

  private final String folder;
  private final String gnuPrefix;
  private final int vmlinuxAddresses;
  private final int modules;
  private final int moduleAddresses;

  KernelBuild(
      String folder, String gnuPrefix, int vmlinuxAddresses, int modules, int moduleAddresses) {
    this.folder = folder;
    this.gnuPrefix = gnuPrefix;
    this.vmlinuxAddresses = vmlinuxAddresses;
    this.modules = modules;
    this.moduleAddresses = moduleAddresses;
  }

  /** Returns the folder that testdata/kernels/fetch filled, from the property dropsite.kernels. */
  static Path folder() {
    String folder = System.getProperty("dropsite.kernels", "");
    if (folder.isEmpty()) {
      throw new IllegalStateException(
          "run testdata/kernels/fetch DIRECTORY, then give -Ddropsite.kernels=DIRECTORY");
    }
    return Path.of(folder);
  }

  /** Returns the prefix of the binutils that know this machine's relocations; empty for native. */
  String gnuPrefix() {
    return gnuPrefix;
  }

  int vmlinuxAddresses() {
    return vmlinuxAddresses;
  }

  int modules() {
    return modules;
  }

  /** Returns how many addresses are drawn from all the modules together. */
  int moduleAddresses() {
    return moduleAddresses;
  }

  /** Returns the uncompressed kernel with its debugging information. */
  Path vmlinux(Path kernels) throws IOException {
    try (Stream<Path> files = Files.list(debugFolder(kernels).resolve("boot"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("vmlinux-"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no vmlinux-* for " + this));
    }
  }

  /**
   * Returns all the modules in an order that is random but the same in every run; the first {@link
   * #modules} with functions in them are the ones to ask about.
   */
  List<Path> shuffledModules(Path kernels) throws IOException {
    try (Stream<Path> files = Files.walk(debugFolder(kernels).resolve("lib/modules"))) {
      List<Path> found =
          new ArrayList<>(files.filter(file -> file.toString().endsWith(".ko")).sorted().toList());
      Collections.shuffle(found, new Random(SEED));
      return found;
    }
  }

  private Path debugFolder(Path kernels) {
    Path debug = kernels.resolve(folder).resolve("usr/lib/debug");
    if (!Files.isDirectory(debug)) {
      throw new IllegalStateException(debug + " is missing: run testdata/kernels/fetch first");
    }
    return debug;
  }
}
