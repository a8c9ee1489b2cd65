package dropsite.analyze.kernel;

import dropsite.analyze.cache.IndexCache;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.NamedSymbols.NamedSymbol;
import dropsite.bytes.MalformedInputException;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kernel that a recording was made on, as far as its files are at hand: vmlinux (or a symbol
 * file made from it), modules, and what the recording says about both.
 */
public final class KernelImage implements AutoCloseable {
  /** Kernels are moved by whole pages, on every architecture. */
  private static final long PAGE_BYTES = 4096;

  /** One name alone may be nonsense, as names printed for addresses in modules are. */
  private static final int FEWEST_PAIRS = 2;

  private final @Nullable DebugSymbols vmlinux;
  private final ModuleFiles modules;
  private final KernelFacts facts;
  private final boolean force;
  private final SlideFinder slides;
  private @Nullable KernelRelease release;
  private final NamedSymbols names = new NamedSymbols();
  private final Set<String> warnings = new LinkedHashSet<>();

  private final InferredModules inferred = new InferredModules(this);

  /** Modules known from kallsyms only, and where their sections are. */
  private final Map<String, LoadedModule> listed = new HashMap<>();

  private final Map<DebugSymbols, Optional<ReturnSites>> returns = new HashMap<>();

  private final Map<String, Map<String, Long>> layouts = new HashMap<>();

  private KernelImage(
      @Nullable DebugSymbols vmlinux, ModuleFiles modules, KernelFacts facts, boolean force) {
    this.vmlinux = vmlinux;
    this.modules = modules;
    this.facts = facts;
    this.force = force;
    this.slides =
        new SlideFinder(
            vmlinux,
            vmlinux == null ? null : RecordedSlide.of(vmlinux, facts),
            address -> moduleAt(address) != null);
    String contradiction = vmlinux == null ? null : RecordedSlide.contradiction(vmlinux, facts);
    if (contradiction != null) {
      warnings.add(contradiction);
    }
  }

  /**
   * Opens the files of a kernel.
   *
   * @param vmlinux ELF or GSYM; null when not at hand
   * @param modules folder of module files; null when not at hand
   * @param facts what the recording says about the kernel
   * @param force whether files of another build are used all the same
   * @param cache of symbol files made from a vmlinux before
   * @throws WrongKernelException when vmlinux is of another build
   */
  public static KernelImage open(
      @Nullable Path vmlinux,
      @Nullable Path modules,
      KernelFacts facts,
      boolean force,
      IndexCache cache)
      throws IOException {
    ModuleFiles files = modules == null ? ModuleFiles.none() : ModuleFiles.in(modules);
    files.ofKernel(vmlinux, facts, force);
    return checked(vmlinux == null ? null : openLinked(vmlinux, cache), files, facts, force);
  }

  private static DebugSymbols openLinked(Path vmlinux, IndexCache cache) throws IOException {
    DebugSymbols symbols = SymbolFiles.open(vmlinux, cache);
    if (symbols.relocatable()) {
      symbols.close();
      throw new MalformedInputException(
          vmlinux.toString(),
          "is a module; give vmlinux with --vmlinux and the folder of modules with --modules");
    }
    return symbols;
  }

  /**
   * As {@link #open}, for files opened already; they are closed with the image.
   *
   * @param modules by name
   */
  public static KernelImage of(
      @Nullable DebugSymbols vmlinux,
      Map<String, DebugSymbols> modules,
      KernelFacts facts,
      boolean force) {
    return checked(vmlinux, ModuleFiles.opened(modules), facts, force);
  }

  private static KernelImage checked(
      @Nullable DebugSymbols vmlinux, ModuleFiles modules, KernelFacts facts, boolean force) {
    KernelImage image = new KernelImage(vmlinux, modules, facts, force);
    String recorded = facts.buildId();
    if (vmlinux != null && recorded != null && !image.accepts(vmlinux, recorded)) {
      String found = vmlinux.buildId().orElse("");
      image.close();
      throw new WrongKernelException(vmlinux.file(), found, facts.source(), recorded);
    }
    return image;
  }

  /** Returns whether a file may be used, after noting what is wrong with it. */
  private boolean accepts(DebugSymbols file, String recorded) {
    Optional<String> found = file.buildId();
    if (found.isEmpty()) {
      warnings.add(file.file() + ": has no build-id: not checked to be of the recorded kernel");
      return true;
    }
    if (found.get().equals(recorded)) {
      return true;
    }
    warnings.add(
        String.format(
            "%s: build-id %s is not the recorded one, %s: %s",
            file.file(),
            found.get(),
            recorded,
            force ? "used because of --force, lines may be wrong" : "not used"));
    return force;
  }

  /** Returns the debugging information of the kernel itself, if it is at hand. */
  public Optional<DebugSymbols> vmlinux() {
    return Optional.ofNullable(vmlinux);
  }

  /** Returns the symbols of its files by name. */
  public NamedSymbols names() {
    return names;
  }

  /**
   * Returns whether a call may return to a place of a file: not where the file has the instructions
   * and none before the place is a call.
   */
  public boolean mayReturnTo(DebugSymbols file, long linkAddress) {
    return file.code().isEmpty()
        || returns
            .computeIfAbsent(file, ReturnSites::of)
            .map(sites -> sites.mayBeReturn(linkAddress))
            .orElse(true);
  }

  /** Returns what the recording says about the kernel. */
  public KernelFacts facts() {
    return facts;
  }

  /** Returns what a reader of the results must know about the files, one sentence each. */
  public List<String> warnings() {
    List<String> all = new ArrayList<>(modules.skipped());
    all.addAll(warnings);
    Slide recorded = slides.recorded();
    if (recorded != null) {
      boolean listed = recorded.source() == Slide.Source.KALLSYMS;
      String source = listed ? facts.kallsyms().source() : facts.source();
      slides.doubtOfRecorded().ifPresent(doubt -> all.add(source + ": " + doubt));
    }
    return List.copyOf(all);
  }

  /** Returns how slides were inferred, or why they were not, one sentence each. */
  public List<String> slideNotes() {
    return slides.notes();
  }

  /** Returns the release of vmlinux, as far as its file tells. */
  public KernelRelease release() throws IOException {
    KernelRelease known = release;
    if (known == null) {
      Path file = vmlinux == null ? null : Path.of(vmlinux.file());
      known =
          file == null || Files.notExists(file) ? KernelRelease.UNKNOWN : KernelRelease.of(file);
      release = known;
    }
    return known;
  }

  /** Returns whether vmlinux is known to be of the very kernel that a stack was recorded on. */
  public boolean isVeryKernel(@Nullable Slide slide) {
    if (vmlinux == null) {
      return false;
    }
    Optional<String> buildId = facts.buildId() == null ? Optional.empty() : vmlinux.buildId();
    if (buildId.isPresent()) {
      return buildId.get().equals(facts.buildId());
    }
    return slide != null && slide.provesImage();
  }

  /**
   * Returns the slide of a stack: as recorded, as most of its names beside addresses say, or as its
   * return addresses do.
   *
   * @param votes what {@link #slideOf} and {@link #misfits} say of each frame
   */
  public FoundSlide slide(List<StackFrame> frames, SlideVotes votes) throws IOException {
    if (slides.recorded() == null) {
      inferred.add(frames);
      return slides.find(frames, votes);
    }
    FoundSlide found = slides.find(frames, votes);
    if (isOfRecordedBoot(found.slide())) {
      inferred.add(frames);
    }
    return found;
  }

  /** Returns whether a frame does not fit the slide that was recorded, by what is at its place. */
  public boolean misfits(StackFrame frame) {
    return slides.misfits(frame);
  }

  private boolean isOfRecordedBoot(@Nullable Slide slide) {
    Slide recorded = slides.recorded();
    return recorded == null || slide == null || slide.bytes() == recorded.bytes();
  }

  /**
   * Returns whether the names beside addresses in a stack show that vmlinux is of another kernel:
   * they agree on no one slide, or on one that no kernel is moved by.
   *
   * @param slide of the stack, as {@link #slide} says
   */
  public boolean isOtherKernel(List<StackFrame> frames, @Nullable Slide slide) {
    if (vmlinux == null || slides.recorded() != null) {
      return false;
    }
    return slide == null
        ? frames.stream().filter(frame -> slideOf(frame) != null).count() >= FEWEST_PAIRS
        : slide.agreeing() >= FEWEST_PAIRS && slide.bytes() % PAGE_BYTES != 0;
  }

  /**
   * Returns the slide by which a frame's name would stand at its address; null when the name is not
   * unique.
   */
  public @Nullable Long slideOf(StackFrame frame) {
    if (vmlinux == null
        || frame.runtimeAddress() == null
        || frame.symbol() == null
        || frame.module() != null
        || frame.offsetBytes() == StackFrame.UNKNOWN) {
      return null;
    }
    List<NamedSymbol> symbols = names.in(vmlinux, frame.symbol());
    if (symbols.size() != 1
        || Long.compareUnsigned(frame.offsetBytes(), symbols.getFirst().roomBytes()) > 0) {
      return null;
    }
    long linkAddress = symbols.getFirst().symbol().linkAddress();
    return frame.runtimeAddress() - frame.offsetBytes() - linkAddress;
  }

  /**
   * Returns the module whose memory holds a run-time address; null when none, and when the stack is
   * of another boot than the one that modules were recorded in.
   *
   * @param slide of the stack that the address is from; null when not known
   */
  public @Nullable LoadedModule moduleAt(long runtimeAddress, @Nullable Slide slide) {
    return isOfRecordedBoot(slide) ? moduleAt(runtimeAddress) : null;
  }

  @Nullable LoadedModule moduleAt(long runtimeAddress) {
    for (LoadedModule module : facts.modules()) {
      if (module.covers(runtimeAddress)) {
        return module;
      }
    }
    LoadedModule placed = inferred.moduleAt(runtimeAddress);
    if (placed != null) {
      return placed;
    }
    Kallsyms.Entry entry = facts.kallsyms().covering(runtimeAddress);
    return entry == null || entry.isMade()
        ? null
        : listed.computeIfAbsent(
            entry.owner(), name -> new LoadedModule(name, entry.address(), 0, null));
  }

  /**
   * Returns a frame with the name that the running kernel had for the code at its address, when
   * that is in no file: BPF programs, and modules without one; null when it listed none.
   *
   * @param slide of the stack that the frame is from; null when not known
   */
  public @Nullable StackFrame named(StackFrame frame, @Nullable Slide slide) {
    Long address = isOfRecordedBoot(slide) ? frame.runtimeAddress() : null;
    Kallsyms.Entry entry = address == null ? null : facts.kallsyms().covering(address);
    return address == null || entry == null
        ? null
        : StackFrame.ofSymbol(entry.name(), address - entry.address(), StackFrame.UNKNOWN)
            .in(entry.owner());
  }

  /**
   * Returns where a run-time address lies in the files at hand.
   *
   * @param slide of the stack that the address is from; null when not known
   */
  public Optional<Place> placeOf(long runtimeAddress, @Nullable Slide slide) throws IOException {
    LoadedModule module = moduleAt(runtimeAddress, slide);
    if (module != null) {
      Optional<DebugSymbols> file = moduleNamed(module.name());
      return file.isEmpty()
          ? Optional.empty()
          : ModuleLayout.linkAddress(file.get(), sections(module, file.get()), runtimeAddress)
              .map(link -> new Place(file.get(), link, module.name()));
    }
    if (vmlinux == null || slide == null) {
      return Optional.empty();
    }
    return Optional.of(new Place(vmlinux, runtimeAddress - slide.bytes(), null));
  }

  /** Returns where sections of a module are: as recorded, else as the kernel listed its symbols. */
  private Map<String, Long> sections(LoadedModule module, DebugSymbols file) {
    return module.equals(listed.get(module.name()))
        ? layouts.computeIfAbsent(
            module.name(), name -> ModuleLayout.sections(file, facts.kallsyms().of(name)))
        : module.places();
  }

  /**
   * Returns the debugging information of a module; empty when it is not at hand, or of another
   * build than the recorded one and not forced.
   */
  public Optional<DebugSymbols> moduleNamed(String name) throws IOException {
    return moduleNamed(name, null);
  }

  /**
   * As {@link #moduleNamed(String)}, for a module that a stack prints the build-id of.
   *
   * @param printed lower-case hex; null when the stack says nothing
   */
  public Optional<DebugSymbols> moduleNamed(String name, @Nullable String printed)
      throws IOException {
    String wanted = printed == null ? recordedBuildId(name) : printed;
    Optional<DebugSymbols> found = modules.named(name, wanted);
    if (found.isEmpty() || (printed != null && !accepts(found.get(), printed))) {
      return Optional.empty();
    }
    String recorded = recordedBuildId(name);
    return recorded == null || accepts(found.get(), recorded) ? found : Optional.empty();
  }

  private @Nullable String recordedBuildId(String module) {
    for (LoadedModule loaded : facts.modules()) {
      if (loaded.name().equals(module) && loaded.buildId() != null) {
        return loaded.buildId();
      }
    }
    return null;
  }

  /** Returns the names of modules that stacks went through and that no file was found for. */
  public List<String> modulesWithoutFile(Set<String> seen) throws IOException {
    List<String> missing = new ArrayList<>();
    for (String name : seen) {
      if (moduleNamed(name).isEmpty()) {
        missing.add(name);
      }
    }
    return missing;
  }

  @Override
  public void close() {
    modules.close();
    if (vmlinux != null) {
      vmlinux.close();
    }
  }
}
