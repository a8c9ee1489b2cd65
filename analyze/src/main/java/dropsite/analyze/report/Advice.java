package dropsite.analyze.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to install or pass so that a report gets better. */
public final class Advice {
  private Advice() {}

  static String forVmlinux(@Nullable String release, @Nullable String buildId) {
    String name = release == null ? "RELEASE" : release;
    return "no debugging information given, so there are no source lines, inlined functions or"
        + " reason names: pass the vmlinux of the very kernel"
        + (buildId == null ? "" : " (build-id " + buildId + ")")
        + " as --vmlinux FILE. Debian: package linux-image-"
        + name
        + "-dbg; Ubuntu: linux-image-"
        + name
        + "-dbgsym or linux-image-unsigned-"
        + name
        + "-dbgsym; Fedora and RHEL: \"dnf debuginfo-install kernel-"
        + name
        + "\"; own kernels: vmlinux in the build folder";
  }

  /** Returns what to do about modules that no file was found for, one sentence. */
  public static String forModules(List<String> modules) {
    return "no file for module"
        + (modules.size() == 1 ? " " : "s ")
        + String.join(", ", modules)
        + ": pass the folder of the kernel's modules with debugging information as --modules DIR"
        + " (beside vmlinux in the same package)";
  }
}
