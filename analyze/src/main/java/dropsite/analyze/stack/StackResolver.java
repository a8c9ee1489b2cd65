package dropsite.analyze.stack;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.LoadedModule;
import dropsite.analyze.kernel.Place;
import dropsite.analyze.kernel.Slide;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.Symbol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Resolves stacks against a kernel image.
 *
 * <p>Every address in a stack is a return address, unless its reader knows it for a program
 * counter: it belongs to the call before it and is looked up one byte lower, while the offset
 * printed stays as given. Addresses win over names, since names printed for modules may be
 * nonsense.
 */
public final class StackResolver {
  private static final long LONGEST_FUNCTION_BYTES = 1 << 20;

  private final KernelImage image;
  private final boolean exactEverywhere;
  private final ProbeMachinery machinery = ProbeMachinery.shipped();
  private final SourceLookup lookup = new SourceLookup();

  /**
   * @param image to resolve against
   * @param exactEverywhere whether to take every address as a program counter
   */
  public StackResolver(KernelImage image, boolean exactEverywhere) {
    this.image = image;
    this.exactEverywhere = exactEverywhere;
  }

  /** Resolves a stack as far as the files at hand allow. */
  public ResolvedStack resolve(StackEvent event) throws IOException {
    Slide slide = image.slide(event.frames());
    List<ResolvedFrame> frames = new ArrayList<>();
    List<Repair> repairs = new ArrayList<>();
    for (StackFrame frame : event.frames()) {
      frames.add(resolve(frame, slide, repairs, frames.size()));
    }
    return new ResolvedStack(event, slide, machinery.hide(frames, repairs), repairs);
  }

  private ResolvedFrame resolve(
      StackFrame frame, @Nullable Slide slide, List<Repair> repairs, int index) throws IOException {
    boolean exact = exactEverywhere || frame.exact();
    Long address = frame.runtimeAddress();
    if (address != null) {
      Optional<Place> place = image.placeOf(address, slide);
      if (place.isPresent()) {
        ResolvedFrame resolved = byAddress(frame, place.get(), exact, repairs, index);
        if (resolved != null) {
          return resolved;
        }
      }
    }
    LoadedModule module = address == null ? null : image.moduleAt(address);
    String moduleName = module == null ? frame.module() : module.name();
    if (frame.symbol() == null) {
      return unresolved(frame, moduleName, exact, List.of(), null);
    }
    if (frame.offsetBytes() > LONGEST_FUNCTION_BYTES) {
      return unresolved(
          frame,
          moduleName,
          exact,
          List.of(),
          "no function is "
              + frame.offsetBytes()
              + " bytes long: the name is wrong, as it often is for addresses in modules");
    }
    boolean nameMayBeWrong = module != null && frame.module() == null;
    return nameMayBeWrong
        ? unresolved(
            frame,
            moduleName,
            exact,
            List.of(),
            "the address is in module "
                + moduleName
                + ", of which no file is at hand; the name printed is not to be trusted")
        : byName(frame, moduleName, exact);
  }

  /** Returns null when nothing in the file covers the address. */
  private @Nullable ResolvedFrame byAddress(
      StackFrame frame, Place place, boolean exact, List<Repair> repairs, int index) {
    DebugSymbols symbols = place.symbols();
    long lookupAddress = exact ? place.linkAddress() : place.linkAddress() - 1;
    List<Layer> layers = lookup.layers(symbols, lookupAddress);
    if (layers.isEmpty()) {
      return null;
    }
    Symbol printed = printedSymbol(frame, place);
    Optional<Symbol> covering = symbols.symbols().covering(lookupAddress);
    Symbol symbol = printed != null ? printed : covering.orElse(null);
    if (printed == null && frame.symbol() != null) {
      String found = symbol == null ? "another function" : symbol.name();
      repairs.add(
          new Repair(
              "renamed",
              index,
              "the text says "
                  + frame.symbol()
                  + "+"
                  + frame.offsetBytes()
                  + ", the address beside it lies in "
                  + found));
    }
    return new ResolvedFrame(
        frame,
        place.linkAddress(),
        symbol == null ? layers.getLast().source().displayName() : symbol.name(),
        symbol == null ? StackFrame.UNKNOWN : place.linkAddress() - symbol.linkAddress(),
        symbol == null ? StackFrame.UNKNOWN : sizeOf(symbol, symbols),
        place.module(),
        exact,
        false,
        layers,
        List.of(),
        printed == null ? null : sizeNote(frame, List.of(printed), symbols));
  }

  /** Returns the symbol of the printed name that puts the frame where its address is, or null. */
  private static @Nullable Symbol printedSymbol(StackFrame frame, Place place) {
    if (frame.symbol() != null) {
      for (Symbol symbol : place.symbols().symbols().named(frame.symbol())) {
        if (symbol.linkAddress() + frame.offsetBytes() == place.linkAddress()) {
          return symbol;
        }
      }
    }
    return null;
  }

  private ResolvedFrame byName(StackFrame frame, @Nullable String module, boolean exact)
      throws IOException {
    String name = String.valueOf(frame.symbol());
    List<Layer> nameOnly = List.of(Layer.ofSymbol(name));
    Optional<DebugSymbols> file = module == null ? image.vmlinux() : image.moduleNamed(module);
    if (file.isEmpty() || frame.offsetBytes() == StackFrame.UNKNOWN) {
      return unresolved(frame, module, exact, nameOnly, null);
    }
    DebugSymbols symbols = file.get();
    List<Symbol> named = symbols.symbols().named(name);
    if (named.isEmpty()) {
      String where = module == null ? "the kernel itself (a module's?)" : symbols.file();
      return unresolved(frame, module, exact, nameOnly, "no such symbol in " + where);
    }
    List<Symbol> fitting =
        named.stream().filter(symbol -> fits(frame, symbol, symbols, exact)).toList();
    if (fitting.isEmpty()) {
      return unresolved(
          frame,
          module,
          exact,
          List.of(),
          String.format(
              "offset %d is beyond the end of %s (%d bytes): wrong name, or another build?",
              frame.offsetBytes(), name, sizeOf(named.getFirst(), symbols)));
    }
    List<Symbol> candidates = ofPrintedSize(frame, fitting, symbols);
    return candidates(frame, module, exact, candidates, symbols);
  }

  private ResolvedFrame candidates(
      StackFrame frame,
      @Nullable String module,
      boolean exact,
      List<Symbol> candidates,
      DebugSymbols symbols) {
    List<List<Layer>> chains = new ArrayList<>();
    for (Symbol symbol : candidates) {
      long link = symbol.linkAddress() + frame.offsetBytes();
      List<Layer> layers = lookup.layers(symbols, exact ? link : link - 1);
      if (!layers.isEmpty() && !chains.contains(layers)) {
        chains.add(layers);
      }
    }
    Symbol first = candidates.getFirst();
    if (chains.isEmpty()) {
      return unresolved(
          frame,
          module,
          exact,
          List.of(Layer.ofSymbol(first.name())),
          "no debugging information at this place in " + symbols.file());
    }
    String note =
        chains.size() > 1
            ? chains.size() + " functions have this name; the stack does not tell which it is"
            : sizeNote(frame, candidates, symbols);
    return new ResolvedFrame(
        frame,
        chains.size() > 1 ? null : Long.valueOf(first.linkAddress() + frame.offsetBytes()),
        first.name(),
        frame.offsetBytes(),
        sizeOf(first, symbols),
        module,
        exact,
        false,
        chains.getFirst(),
        chains.subList(1, chains.size()),
        note);
  }

  private static ResolvedFrame unresolved(
      StackFrame frame,
      @Nullable String module,
      boolean exact,
      List<Layer> layers,
      @Nullable String note) {
    return new ResolvedFrame(
        frame,
        null,
        frame.symbol(),
        frame.offsetBytes(),
        frame.sizeBytes(),
        module,
        exact,
        false,
        layers,
        List.of(),
        note);
  }

  /** A return address may stand right behind a function that ends in a call. */
  private static boolean fits(
      StackFrame frame, Symbol symbol, DebugSymbols symbols, boolean exact) {
    long lookupOffset = exact ? frame.offsetBytes() : Math.max(0, frame.offsetBytes() - 1);
    return Long.compareUnsigned(lookupOffset, distance(symbol, symbols)) < 0;
  }

  private static List<Symbol> ofPrintedSize(
      StackFrame frame, List<Symbol> fitting, DebugSymbols symbols) {
    List<Symbol> sized =
        fitting.stream().filter(symbol -> hasPrintedSize(frame, symbol, symbols)).toList();
    return sized.isEmpty() ? fitting : sized;
  }

  /** Kallsyms takes the distance to the next symbol for the size, ELF records its own. */
  private static boolean hasPrintedSize(StackFrame frame, Symbol symbol, DebugSymbols symbols) {
    return frame.sizeBytes() == symbol.sizeBytes()
        || frame.sizeBytes() == distance(symbol, symbols);
  }

  private static @Nullable String sizeNote(
      StackFrame frame, List<Symbol> candidates, DebugSymbols symbols) {
    if (frame.sizeBytes() == StackFrame.UNKNOWN
        || candidates.stream().anyMatch(symbol -> hasPrintedSize(frame, symbol, symbols))) {
      return null;
    }
    return String.format(
        "the stack says the function has 0x%x bytes, %s says 0x%x: another build?",
        frame.sizeBytes(), symbols.file(), sizeOf(candidates.getFirst(), symbols));
  }

  private static long sizeOf(Symbol symbol, DebugSymbols symbols) {
    return symbol.sizeBytes() != 0 ? symbol.sizeBytes() : distance(symbol, symbols);
  }

  private static long distance(Symbol symbol, DebugSymbols symbols) {
    return Math.max(
        symbol.sizeBytes(), symbols.symbols().nextAddress(symbol) - symbol.linkAddress());
  }
}
