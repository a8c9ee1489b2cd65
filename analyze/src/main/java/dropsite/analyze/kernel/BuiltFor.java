package dropsite.analyze.kernel;

import dropsite.bytes.Bytes;
import dropsite.elf.ElfImage;
import dropsite.elf.ElfSection;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which kernel a file belongs to, as far as it tells.
 *
 * @param release as {@code uname -r} prints it; empty when not known
 * @param told whether the kernel or the file itself says so, rather than its name
 * @param machine as ELF numbers machines ({@code e_machine}); 0 (EM_NONE) when not known
 */
record BuiltFor(String release, boolean told, int machine) {
  /** Nothing is known. */
  static final BuiltFor UNKNOWN = new BuiltFor("", false, 0);

  /** Strings of {@code name=value}, each ended by a zero byte (include/linux/module.h). */
  private static final String MODULE_INFO = ".modinfo";

  /** The release, a blank and options (include/linux/vermagic.h). */
  private static final String RELEASE_NAME = "vermagic=";

  private static final int MOST_INFO_BYTES = 1 << 20;

  /** Returns what is known of the kernel itself; what was recorded stands above the file. */
  static BuiltFor ofKernel(Path vmlinux, KernelFacts facts) throws IOException {
    int machine = 0;
    if (SymbolFiles.startsAsElf(vmlinux)) {
      try (ElfImage image = ElfImage.open(vmlinux)) {
        machine = image.machine();
      }
    }
    String recorded = facts.release();
    if (recorded != null) {
      return new BuiltFor(recorded, true, machine);
    }
    KernelRelease own = KernelRelease.of(vmlinux);
    return new BuiltFor(own.name(), own.certain(), machine);
  }

  /** Returns what the file of a module says. */
  static BuiltFor ofModule(Path file) throws IOException {
    if (!SymbolFiles.startsAsElf(file)) {
      return UNKNOWN;
    }
    try (ElfImage image = ElfImage.open(file)) {
      Optional<ElfSection> info = image.section(MODULE_INFO);
      String release = info.map(image::contents).map(BuiltFor::release).orElse("");
      return new BuiltFor(release, !release.isEmpty(), image.machine());
    }
  }

  private static String release(Bytes info) {
    long size = Math.min(info.memory().byteSize(), MOST_INFO_BYTES);
    byte[] bytes = info.memory().asSlice(0, size).toArray(ValueLayout.JAVA_BYTE);
    for (String entry : new String(bytes, StandardCharsets.ISO_8859_1).split("\0", -1)) {
      if (entry.startsWith(RELEASE_NAME)) {
        return entry.substring(RELEASE_NAME.length()).split(" ", 2)[0];
      }
    }
    return "";
  }

  /** Returns whether both are known, and known to differ. */
  boolean contradicts(BuiltFor other) {
    return (machine != 0 && other.machine != 0 && machine != other.machine)
        || (told && other.told && !release.equals(other.release));
  }

  /** Returns what tells it apart from another: the release, or the machine where those agree. */
  String inWords(BuiltFor other) {
    return release.isEmpty() || release.equals(other.release)
        ? "ELF machine " + machine
        : "release " + release;
  }

  /** Returns whether a file lies in a folder named after the release. */
  boolean namesFolderOf(Path file) {
    for (Path part : file) {
      if (!release.isEmpty() && part.toString().equals(release)) {
        return true;
      }
    }
    return false;
  }
}
