package dropsite.analyze.stack;

import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.NamedSymbols.NamedSymbol;
import dropsite.analyze.kernel.Remembered;
import dropsite.symbols.CallSite;
import dropsite.symbols.CanonicalName;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.SourceFrame;
import dropsite.symbols.Symbol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which functions call which, as compilers recorded it; remembered, since stacks share paths. */
final class KnownCalls {
  private final KernelImage image;
  private final Remembered<Place, List<CallSite>> sites = new Remembered<>();
  private final Map<DebugSymbols, Map<String, List<Symbol>>> variants = new HashMap<>();

  KnownCalls(KernelImage image) {
    this.image = image;
  }

  /** Returns the call that returns to an address; null when none is recorded. */
  @Nullable CallSite returningTo(DebugSymbols file, long returnAddress) {
    for (CallSite site : sites(file, returnAddress - 1)) {
      if (site.returnAddress() == returnAddress && !site.tailCall()) {
        return site;
      }
    }
    return null;
  }

  /** Returns the calls that a function makes. */
  List<CallSite> of(Function function) {
    return sites(function.file(), function.symbol().linkAddress());
  }

  private List<CallSite> sites(DebugSymbols file, long linkAddress) {
    Place place = new Place(file, linkAddress);
    List<CallSite> known = sites.get(place);
    return known != null ? known : sites.put(place, file.callSites(linkAddress));
  }

  /** Returns a function's calls by the name of what they call; those through pointers left out. */
  Map<String, List<CallSite>> byCallee(Function function, boolean tailCalls) {
    Map<String, List<CallSite>> calls = new LinkedHashMap<>();
    for (CallSite site : of(function)) {
      if (site.callee() != null && site.tailCall() == tailCalls) {
        calls.computeIfAbsent(site.callee(), callee -> new ArrayList<>()).add(site);
      }
    }
    return calls;
  }

  /** Returns whether a function may end in jumps that are not recorded as calls. */
  boolean keepsSecrets(Function function) {
    return true;
  }

  private static @Nullable String sourceOf(Function function) {
    List<SourceFrame> frames = function.file().frames(function.symbol().linkAddress());
    return frames.isEmpty() ? null : frames.getLast().file();
  }

  /**
   * Returns the functions that a call by name may be for: of those in the caller's file the ones
   * from the same source, if there are such.
   *
   * @param other whose file to look in when the caller's own has no such name, before the kernel
   * @param withVariants whether to take those in that have the name with a suffix; else only where
   *     nothing has just the name
   */
  List<Function> named(String callee, Function caller, Function other, boolean withVariants) {
    List<Function> own = in(caller.file(), caller.module(), callee, withVariants);
    if (own.size() > 1) {
      String source = sourceOf(caller);
      List<Function> near =
          own.stream().filter(each -> Objects.equals(sourceOf(each), source)).toList();
      own = near.isEmpty() ? own : near;
    }
    if (own.isEmpty() && !other.file().equals(caller.file())) {
      own = in(other.file(), other.module(), callee, withVariants);
    }
    DebugSymbols vmlinux = image.vmlinux().orElse(null);
    return own.isEmpty() && vmlinux != null ? in(vmlinux, null, callee, withVariants) : own;
  }

  private List<Function> in(
      DebugSymbols file, @Nullable String module, String name, boolean withVariants) {
    List<Function> found = new ArrayList<>();
    for (NamedSymbol named : image.names().in(file, name)) {
      found.add(new Function(file, module, named.symbol()));
    }
    if (found.isEmpty() || withVariants) {
      for (Symbol variant : variants(file).getOrDefault(name, List.of())) {
        found.add(new Function(file, module, variant));
      }
    }
    return found;
  }

  /** Returns the functions whose names have suffixes, by the name without. */
  private Map<String, List<Symbol>> variants(DebugSymbols file) {
    return variants.computeIfAbsent(
        file,
        each -> {
          Map<String, List<Symbol>> byName = new HashMap<>();
          for (Symbol symbol : each.symbols().functions()) {
            String name = CanonicalName.of(symbol.name());
            if (name.length() != symbol.name().length()) {
              byName.computeIfAbsent(name, key -> new ArrayList<>()).add(symbol);
            }
          }
          return byName;
        });
  }

  /** Returns the function that a frame is in; null when no file has it. */
  @Nullable Function functionOf(ResolvedFrame frame) throws IOException {
    Long link = frame.linkAddress();
    String module = frame.module();
    Optional<DebugSymbols> file = module == null ? image.vmlinux() : image.moduleNamed(module);
    if (link == null || file.isEmpty()) {
      return null;
    }
    return file.get()
        .symbols()
        .covering(frame.exact() ? link : link - 1)
        .map(symbol -> new Function(file.get(), module, symbol))
        .orElse(null);
  }

  private record Place(DebugSymbols file, long linkAddress) {}
}
