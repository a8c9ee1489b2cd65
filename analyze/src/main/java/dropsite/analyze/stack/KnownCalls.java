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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which functions call which, as compilers recorded it; remembered, since stacks share paths. */
final class KnownCalls {
  private static final String COLD = ".cold";

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
    return sites(function.file(), function.addressWithin());
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

  /** Returns all of a function's code: the part that is seldom run may stand elsewhere. */
  List<Symbol> partsOf(Function function) {
    List<Symbol> parts = new ArrayList<>();
    parts.add(function.symbol());
    for (NamedSymbol cold : image.names().in(function.file(), function.symbol().name() + COLD)) {
      parts.add(cold.symbol());
    }
    return parts;
  }

  private static @Nullable String sourceOf(Function function) {
    List<SourceFrame> frames = function.file().frames(function.addressWithin());
    return frames.isEmpty() ? null : frames.getLast().file();
  }

  /**
   * Returns the functions that calls may be for: those that their instructions lead to, else those
   * of the name; of several in the caller's file those from the same source, if there are such.
   *
   * @param sites of the calls, all of one name
   * @param other whose file to look in when the caller's own has no such name, before the kernel
   */
  List<Function> called(List<CallSite> sites, Function caller, Function other) {
    Set<Function> targets = new LinkedHashSet<>();
    for (CallSite site : sites) {
      Long target = CallTarget.before(caller.file(), site.returnAddress());
      Symbol symbol = target == null ? null : caller.file().symbols().covering(target).orElse(null);
      if (target != null && symbol != null && symbol.linkAddress() == target) {
        targets.add(new Function(caller.file(), caller.module(), symbol));
      }
    }
    String name = sites.getFirst().callee();
    return name == null || !targets.isEmpty() ? List.copyOf(targets) : named(name, caller, other);
  }

  private List<Function> named(String callee, Function caller, Function other) {
    List<Function> own = in(caller.file(), caller.module(), callee);
    // The call may be for a part of the function that the compiler made one of its own.
    for (Symbol variant : variants(caller.file()).getOrDefault(callee, List.of())) {
      own.add(new Function(caller.file(), caller.module(), variant));
    }
    if (own.size() > 1) {
      String source = sourceOf(caller);
      List<Function> near =
          own.stream().filter(each -> Objects.equals(sourceOf(each), source)).toList();
      own = near.isEmpty() ? own : near;
    }
    if (own.isEmpty() && !other.file().equals(caller.file())) {
      own = in(other.file(), other.module(), callee);
    }
    DebugSymbols vmlinux = image.vmlinux().orElse(null);
    return own.isEmpty() && vmlinux != null ? in(vmlinux, null, callee) : own;
  }

  private List<Function> in(DebugSymbols file, @Nullable String module, String name) {
    List<Function> found = new ArrayList<>();
    for (NamedSymbol named : image.names().in(file, name)) {
      found.add(new Function(file, module, named.symbol()));
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
