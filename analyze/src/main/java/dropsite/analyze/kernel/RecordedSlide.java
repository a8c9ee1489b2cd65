package dropsite.analyze.kernel;

import dropsite.symbols.DebugSymbols;
import dropsite.symbols.Symbol;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The slide that a recording, or a copy of kallsyms, tells by where the kernel's text is. */
final class RecordedSlide {
  private static final String TEXT_END = "_etext";

  /** Symbols at the start of the kernel's text that recordings note the run-time address of. */
  private static final List<String> TEXT_STARTS = List.of("_text", "_stext");

  /** x86-64 kernels are linked at a multiple of this (CONFIG_PHYSICAL_ALIGN). */
  private static final long TEXT_ALIGNMENT = 0x200000;

  private RecordedSlide() {}

  /** Returns null when nothing tells. */
  static @Nullable Slide of(DebugSymbols vmlinux, KernelFacts facts) {
    Long recorded = bytes(vmlinux, facts.symbols());
    if (recorded != null) {
      return Slide.recorded(recorded, Slide.Source.CAPTURE);
    }
    Long listed =
        contradiction(vmlinux, facts) == null ? bytes(vmlinux, facts.kallsyms().places()) : null;
    return listed == null ? null : Slide.recorded(listed, Slide.Source.KALLSYMS);
  }

  /** Returns why kallsyms cannot be of this kernel, one sentence, or null. */
  static @Nullable String contradiction(DebugSymbols vmlinux, KernelFacts facts) {
    Map<String, Long> places = facts.kallsyms().places();
    String source = facts.kallsyms().source();
    for (String start : TEXT_STARTS) {
      Long listed = places.get(start);
      Long recorded = facts.symbols().get(start);
      if (listed != null && recorded != null && recorded != 0 && !listed.equals(recorded)) {
        return source + ": is of another boot than " + facts.source() + "; not used for the kernel";
      }
      Long end = places.get(TEXT_END);
      List<Symbol> starts = vmlinux.symbols().named(start);
      List<Symbol> ends = vmlinux.symbols().named(TEXT_END);
      if (listed != null && end != null && starts.size() == 1 && ends.size() == 1) {
        long linked = ends.getFirst().linkAddress() - starts.getFirst().linkAddress();
        if (end - listed != linked) {
          return String.format(
              "%s: is of another kernel than %s: its text has 0x%x bytes and not 0x%x; not used for"
                  + " the kernel",
              source, vmlinux.file(), end - listed, linked);
        }
      }
    }
    return null;
  }

  private static @Nullable Long bytes(DebugSymbols vmlinux, Map<String, Long> places) {
    for (String name : TEXT_STARTS) {
      Long runtimeAddress = places.get(name);
      List<Symbol> symbols =
          runtimeAddress == null || runtimeAddress == 0 ? List.of() : vmlinux.symbols().named(name);
      if (runtimeAddress != null && !symbols.isEmpty()) {
        return runtimeAddress - symbols.getFirst().linkAddress();
      }
    }
    // Files that list functions only have no such symbol; their first function begins the text.
    Long runtimeAddress = places.get(TEXT_STARTS.getFirst());
    List<Symbol> functions = vmlinux.symbols().functions();
    if (runtimeAddress == null || runtimeAddress == 0 || functions.isEmpty()) {
      return null;
    }
    return runtimeAddress - (functions.getFirst().linkAddress() & -TEXT_ALIGNMENT);
  }
}
