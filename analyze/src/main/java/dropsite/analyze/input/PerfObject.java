package dropsite.analyze.input;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object of the kernel's that perf names behind a frame.
 *
 * @param module null for the kernel itself
 * @param address run-time address; null where what was printed is an offset into the object's file
 */
record PerfObject(@Nullable String module, @Nullable Long address) {
  private static final String KERNEL = "[kernel";
  private static final String GUEST_KERNEL = "[guest.kernel";
  private static final String KERNEL_FILE = "vmlinux";
  private static final Set<String> KERNEL_FILES = Set.of("kcore", "kallsyms");
  private static final String BPF = "bpf_";
  private static final String MODULE_FILE = ".ko";

  /** Objects of programs that perf names in brackets, as it does modules. */
  private static final Set<String> OF_PROGRAMS =
      Set.of(
          "",
          "anon",
          "heap",
          "sigpage",
          "stack",
          "unknown",
          "uprobes",
          "vdso",
          "vdso32",
          "vdsox32",
          "vectors",
          "vsyscall",
          "vvar");

  /** No kernel runs below it but s390's, whose addresses perf takes from kallsyms. */
  private static final long LOWEST_ADDRESS = 0x8000_0000L;

  /**
   * Returns the kernel's object that perf prints between parentheses; null for one of a program's.
   *
   * @param printed such as {@code [kernel.kallsyms]} or the path of a file
   * @param address printed before it
   */
  static @Nullable PerfObject of(String printed, long address) {
    int plus = printed.lastIndexOf("+0x");
    String name = plus > 0 ? printed.substring(0, plus) : printed;
    if (isKernel(name, KERNEL) || isKernel(name, GUEST_KERNEL)) {
      return new PerfObject(null, address);
    }
    Long place = Long.compareUnsigned(address, LOWEST_ADDRESS) < 0 ? null : address;
    if (name.startsWith("[")) {
      String inner = name.endsWith("]") ? name.substring(1, name.length() - 1) : "";
      if (inner.equals("unknown") && address < 0) {
        return new PerfObject(null, place);
      }
      return inner.indexOf(' ') >= 0 || OF_PROGRAMS.contains(inner)
          ? null
          : new PerfObject(moduleName(inner), place);
    }
    String file = name.substring(name.lastIndexOf('/') + 1);
    if (file.startsWith(KERNEL_FILE)
        || KERNEL_FILES.contains(file)
        || (file.startsWith(BPF) && address < 0)) {
      return new PerfObject(null, place);
    }
    int suffix = file.lastIndexOf(MODULE_FILE);
    boolean module = suffix > 0 && ".".startsWith(after(file, suffix));
    return module ? new PerfObject(moduleName(file.substring(0, suffix)), place) : null;
  }

  /** perf adds what kind of symbols it has: {@code [kernel.kallsyms]}, {@code [kernel.vmlinux]}. */
  private static boolean isKernel(String name, String begin) {
    return name.startsWith(begin)
        && name.length() > begin.length()
        && ".]".indexOf(name.charAt(begin.length())) >= 0;
  }

  /** Returns the first char behind the suffix of a module's file: compressed ones have another. */
  private static String after(String file, int suffix) {
    int end = suffix + MODULE_FILE.length();
    return file.substring(end, Math.min(end + 1, file.length()));
  }

  /** The kernel's own names of modules have no dashes (scripts/Makefile.lib: KBUILD_MODNAME). */
  private static String moduleName(String name) {
    return name.replace('-', '_');
  }
}
