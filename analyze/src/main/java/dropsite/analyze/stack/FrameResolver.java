package dropsite.analyze.stack;

import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.LoadedModule;
import dropsite.analyze.kernel.NamedSymbols.NamedSymbol;
import dropsite.analyze.kernel.Place;
import dropsite.analyze.kernel.Slide;
import dropsite.bytes.MalformedInputException;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.Symbol;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Resolves single frames.
 *
 * <p>Every address in a stack is a return address, unless its reader knows it for a program
 * counter: it belongs to the call before it and is looked up one byte lower, while the offset
 * printed stays as given. Addresses win over names, since names printed for modules may be
 * nonsense.
 */
final class FrameResolver {
  private static final long LONGEST_FUNCTION_BYTES = 1 << 20;

  private final KernelImage image;
  private final boolean exactEverywhere;
  private final SourceLookup lookup;

  FrameResolver(KernelImage image, boolean exactEverywhere, SourceLookup lookup) {
    this.image = image;
    this.lookup = lookup;
    this.exactEverywhere = exactEverywhere;
  }

  /**
   * A resolved frame.
   *
   * @param renamed how the printed name differs from what stands at the address; null when it does
   *     not
   */
  record Answer(ResolvedFrame frame, @Nullable String renamed) {}

  /** Resolves a frame; one that a damaged file cannot answer for stays as it was recorded. */
  Answer resolve(StackFrame frame, @Nullable Slide slide) throws IOException {
    boolean exact = exactEverywhere || frame.exact();
    try {
      return resolve(frame, slide, exact);
    } catch (MalformedInputException e) {
      Question question = new Question(frame, frame.module(), exact);
      return new Answer(question.unresolved(List.of(), e.getMessage()), null);
    }
  }

  private Answer resolve(StackFrame frame, @Nullable Slide slide, boolean exact)
      throws IOException {
    Long address = frame.runtimeAddress();
    if (address != null) {
      Optional<Place> place = image.placeOf(address, slide);
      Answer answer = place.isEmpty() ? null : byAddress(frame, place.get(), exact);
      if (answer != null) {
        return answer;
      }
    }
    StackFrame listed = image.named(frame, slide);
    if (listed != null) {
      return new Answer(new Question(frame, listed.module(), exact).listedAs(listed), null);
    }
    LoadedModule module = address == null ? null : image.moduleAt(address, slide);
    Question question = new Question(frame, module == null ? frame.module() : module.name(), exact);
    if (frame.symbol() == null) {
      return new Answer(question.unresolved(List.of(), null), null);
    }
    String doubt = doubtOfName(frame, module);
    return new Answer(
        doubt != null ? question.unresolved(List.of(), doubt) : byName(question), null);
  }

  private static @Nullable String doubtOfName(StackFrame frame, @Nullable LoadedModule module) {
    if (frame.damaged()) {
      return "the name has control bytes in it";
    }
    if (frame.offsetTooLarge()) {
      return "the offset is larger than any function";
    }
    if (frame.offsetBytes() > LONGEST_FUNCTION_BYTES) {
      return "no function is "
          + frame.offsetBytes()
          + " bytes long: the name is wrong, as it often is for addresses in modules";
    }
    if (frame.sizeBytes() != StackFrame.UNKNOWN && frame.offsetBytes() > frame.sizeBytes()) {
      return "the offset printed is larger than the size printed";
    }
    if (module != null && frame.module() == null) {
      return "the address is in module "
          + module.name()
          + ", of which no file is at hand; the name printed is not to be trusted";
    }
    return null;
  }

  /** Returns null when nothing in the file covers the address. */
  private @Nullable Answer byAddress(StackFrame frame, Place place, boolean given) {
    DebugSymbols file = place.symbols();
    boolean exact = given || isBegin(frame, file, place.linkAddress());
    long lookupAddress = exact ? place.linkAddress() : place.linkAddress() - 1;
    List<Layer> layers = lookup.layers(file, lookupAddress);
    if (layers.isEmpty()) {
      return null;
    }
    NamedSymbol printed = printedSymbol(frame, place);
    Symbol symbol =
        printed != null ? printed.symbol() : file.symbols().covering(lookupAddress).orElse(null);
    String sizeNote = printed == null ? null : sizeNote(frame, List.of(printed), file);
    ResolvedFrame resolved =
        new ResolvedFrame(
            frame,
            place.linkAddress(),
            symbol == null ? layers.getLast().source().displayName() : symbol.name(),
            symbol == null ? StackFrame.UNKNOWN : place.linkAddress() - symbol.linkAddress(),
            sizeOf(printed, symbol),
            place.module(),
            exact,
            standing(frame),
            frame.context(),
            layers,
            List.of(),
            sizeNote != null,
            sizeNote);
    return new Answer(
        resolved, printed == null && frame.symbol() != null ? renamed(frame, symbol) : null);
  }

  private static long sizeOf(@Nullable NamedSymbol printed, @Nullable Symbol covering) {
    if (printed != null) {
      return printed.sizeBytes();
    }
    return covering == null ? StackFrame.UNKNOWN : covering.sizeBytes();
  }

  private static String renamed(StackFrame frame, @Nullable Symbol symbol) {
    return "the text says "
        + frame.symbol()
        + "+"
        + frame.offsetBytes()
        + ", the address beside it lies in "
        + (symbol == null ? "another function" : symbol.name());
  }

  /** Returns the symbol of the printed name that puts the frame where its address is, or null. */
  private @Nullable NamedSymbol printedSymbol(StackFrame frame, Place place) {
    if (frame.symbol() != null) {
      for (NamedSymbol named : image.names().in(place.symbols(), frame.symbol())) {
        long offset = place.linkAddress() - named.symbol().linkAddress();
        boolean within = Long.compareUnsigned(offset, named.roomBytes()) <= 0;
        if (frame.offsetBytes() == StackFrame.UNKNOWN ? within : frame.offsetBytes() == offset) {
          return named;
        }
      }
    }
    return null;
  }

  private ResolvedFrame byName(Question question) throws IOException {
    StackFrame frame = question.frame();
    String module = question.module();
    String name = String.valueOf(frame.symbol());
    List<Layer> nameOnly = List.of(Layer.asGiven(frame));
    Optional<DebugSymbols> file =
        module == null ? image.vmlinux() : image.moduleNamed(module, frame.buildId());
    if (file.isEmpty() || frame.offsetBytes() == StackFrame.UNKNOWN) {
      return question.unresolved(nameOnly, null);
    }
    List<NamedSymbol> named = image.names().in(file.get(), name);
    String owner = named.isEmpty() && module == null ? onlyModuleWith(name) : null;
    if (owner != null) {
      return byName(new Question(frame, owner, question.exact()))
          .noted("of the modules that were loaded only " + owner + " has this function");
    }
    if (named.isEmpty()) {
      String where = module == null ? "the kernel itself (a module's?)" : file.get().file();
      return question.unresolved(nameOnly, "no such symbol in " + where);
    }
    List<NamedSymbol> fitting = named.stream().filter(question::fits).toList();
    if (fitting.isEmpty()) {
      return question.unresolved(
          List.of(),
          true,
          String.format(
              "offset %d is beyond the end of %s (%d bytes): wrong name, or another build?",
              frame.offsetBytes(), name, named.getFirst().sizeBytes()));
    }
    List<NamedSymbol> sized =
        fitting.stream().filter(symbol -> symbol.hasSize(frame.sizeBytes())).toList();
    return byCandidates(question, sized.isEmpty() ? fitting : sized, file.get());
  }

  /** Texts of some tools print no modules. Returns the only loaded one with a symbol, or null. */
  private @Nullable String onlyModuleWith(String symbol) throws IOException {
    String only = null;
    for (LoadedModule module : image.facts().modules()) {
      Optional<DebugSymbols> file = image.moduleNamed(module.name());
      if (file.isPresent() && !image.names().in(file.get(), symbol).isEmpty()) {
        if (only != null) {
          return null;
        }
        only = module.name();
      }
    }
    return only;
  }

  private ResolvedFrame byCandidates(
      Question question, List<NamedSymbol> candidates, DebugSymbols file) {
    StackFrame frame = question.frame();
    Map<Long, ResolvedFrame> places = new LinkedHashMap<>();
    for (NamedSymbol candidate : candidates) {
      long link = candidate.symbol().linkAddress() + frame.offsetBytes();
      boolean exact = question.exact() || isBegin(frame, file, link);
      List<Layer> layers = lookup.layers(file, exact ? link : link - 1);
      if (!layers.isEmpty()) {
        places.putIfAbsent(
            link, question.at(candidate, exact, layers, sizeNote(frame, candidates, file)));
      }
    }
    if (places.isEmpty()) {
      return question.unresolved(
          List.of(Layer.ofSymbol(candidates.getFirst().symbol().name())),
          "no debugging information at this place in " + file.file());
    }
    List<ResolvedFrame> found = List.copyOf(places.values());
    return found.size() == 1 ? found.getFirst() : ResolvedFrame.oneOf(found);
  }

  /**
   * Returns whether a frame is where a function begins and no call returns there. One does when the
   * function before ends in a call of what never returns; x86 prints that by the function before.
   */
  private static boolean isBegin(StackFrame frame, DebugSymbols file, long linkAddress) {
    return frame.offsetBytes() == 0
        && file.callSites(linkAddress - 1).stream()
            .noneMatch(call -> call.returnAddress() == linkAddress);
  }

  private static Standing standing(StackFrame frame) {
    return frame.unreliable() ? Standing.UNRELIABLE : Standing.CALL;
  }

  private static @Nullable String sizeNote(
      StackFrame frame, List<NamedSymbol> candidates, DebugSymbols file) {
    if (frame.sizeBytes() == StackFrame.UNKNOWN
        || candidates.stream().anyMatch(symbol -> symbol.hasSize(frame.sizeBytes()))) {
      return null;
    }
    return String.format(
        "the stack says the function has 0x%x bytes, %s says 0x%x: another build?",
        frame.sizeBytes(), file.file(), candidates.getFirst().sizeBytes());
  }

  /**
   * A frame that its name has to resolve.
   *
   * @param module that it lies in; null for the kernel itself
   */
  private record Question(StackFrame frame, @Nullable String module, boolean exact) {

    /** A return address may stand right behind a function that ends in a call. */
    boolean fits(NamedSymbol symbol) {
      long lookupOffset = exact ? frame.offsetBytes() : Math.max(0, frame.offsetBytes() - 1);
      return Long.compareUnsigned(lookupOffset, symbol.roomBytes()) < 0;
    }

    /** Returns the frame as in one of the functions of its name. */
    ResolvedFrame at(
        NamedSymbol function, boolean asItIs, List<Layer> layers, @Nullable String sizeNote) {
      return new ResolvedFrame(
          frame,
          function.symbol().linkAddress() + frame.offsetBytes(),
          function.symbol().name(),
          frame.offsetBytes(),
          function.sizeBytes(),
          module,
          asItIs,
          standing(frame),
          frame.context(),
          layers,
          List.of(),
          sizeNote != null,
          sizeNote);
    }

    /** Returns the frame under the name that the running kernel had for it. */
    ResolvedFrame listedAs(StackFrame named) {
      String symbol = String.valueOf(named.symbol());
      return new ResolvedFrame(
          frame,
          null,
          symbol,
          named.offsetBytes(),
          StackFrame.UNKNOWN,
          module,
          exact,
          standing(frame),
          frame.context(),
          List.of(Layer.ofSymbol(symbol)),
          List.of(),
          false,
          null);
    }

    ResolvedFrame unresolved(List<Layer> layers, @Nullable String note) {
      return unresolved(layers, false, note);
    }

    ResolvedFrame unresolved(List<Layer> layers, boolean otherBuild, @Nullable String note) {
      return new ResolvedFrame(
          frame,
          null,
          frame.symbol(),
          frame.offsetBytes(),
          frame.sizeBytes(),
          module,
          exact,
          standing(frame),
          frame.context(),
          layers,
          List.of(),
          otherBuild,
          note);
    }
  }
}
