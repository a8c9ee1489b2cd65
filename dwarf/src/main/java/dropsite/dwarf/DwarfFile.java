package dropsite.dwarf;

import dropsite.elf.ElfImage;
import dropsite.symbols.BatchLookup;
import dropsite.symbols.CallSite;
import dropsite.symbols.CodeFacts;
import dropsite.symbols.CodeRegion;
import dropsite.symbols.ConstantArgument;
import dropsite.symbols.DebugSymbols;
import dropsite.symbols.FrameReceiver;
import dropsite.symbols.MachineCode;
import dropsite.symbols.SourceFrame;
import dropsite.symbols.SymbolIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An ELF file with DWARF, asked for the functions, files and lines of its addresses.
 *
 * <p>Opening reads the section table only. A lookup reads the address ranges of units, then of the
 * unit that covers the address its functions and its line program, and the DIEs of the one function
 * hit. What was read is kept until it weighs too much.
 */
public final class DwarfFile implements DebugSymbols {
  private final ElfImage image;
  private final DebugFiles debugFiles;
  private final DwarfObject object;
  private final UnitFinder units;
  private final boolean hasDwarf;

  private DwarfFile(ElfImage image, DebugFiles debugFiles) {
    this.image = image;
    this.debugFiles = debugFiles;
    ElfImage withDwarf = image;
    if (image.debugSection(Section.INFO.elfName(false)).isEmpty()) {
      ElfImage separate = debugFiles.separateFileOf(image);
      withDwarf = separate == null ? image : separate;
    }
    this.object = new DwarfObject(Sections.plain(withDwarf), image, debugFiles);
    this.units = new UnitFinder(object);
    this.hasDwarf = object.sections().get(Section.INFO).sizeBytes() > 0;
  }

  /**
   * Opens a file; where it has no DWARF itself, that of its separate debug file is used.
   *
   * @throws IOException when the file cannot be read
   * @throws dropsite.bytes.MalformedInputException when it is no ELF file, or broken
   */
  public static DwarfFile open(Path path) throws IOException {
    return over(ElfImage.open(path), path);
  }

  /**
   * As {@link #open}, for an image that is open already.
   *
   * @param image closed with this, or when this fails
   * @param path that it was opened from
   */
  public static DwarfFile over(ElfImage image, Path path) {
    DebugFiles debugFiles = new DebugFiles(path);
    try {
      return new DwarfFile(image, debugFiles);
    } catch (RuntimeException e) {
      debugFiles.close();
      image.close();
      throw e;
    }
  }

  @Override
  public String file() {
    return image.file();
  }

  /** Returns the ELF file itself. */
  public ElfImage image() {
    return image;
  }

  @Override
  public Optional<String> buildId() {
    return image.buildId();
  }

  /** Returns whether the file, or its separate debug file, has DWARF at all. */
  public boolean hasDwarf() {
    return hasDwarf;
  }

  /** Returns which files the debugging information points to that were not found, a line each. */
  public List<String> missing() {
    return debugFiles.missing();
  }

  @Override
  public List<SourceFrame> frames(long linkAddress) {
    String symbol = image.symbols().nameAt(linkAddress);
    Hit hit = hit(linkAddress, symbol != null);
    if (hit == null) {
      return symbol == null
          ? List.of()
          : List.of(new SourceFrame(null, symbol, null, 0, 0, 0, false));
    }
    return new FrameBuilder(hit, symbol).build();
  }

  @Override
  public void frames(long[] linkAddresses, Supplier<? extends FrameReceiver> receivers) {
    BatchLookup lookup = new BatchLookup(this, linkAddresses, receivers);
    object.expect(lookup.isLarge());
    try {
      lookup.run();
    } finally {
      object.expect(false);
    }
  }

  /**
   * Gives every stretch of code that has a name, with its lines and inlined calls: the answers of
   * {@link #frames(long)} for all addresses that a symbol or function covers.
   *
   * @param receiver called by several threads, in no particular order
   */
  public void forEachRegion(Consumer<CodeRegion> receiver) {
    forEachRegion(receiver, null, false);
  }

  /**
   * As {@link #forEachRegion(Consumer)}, and gives what else is recorded of the same code; enums
   * come once all code has been given, by one thread and in file order.
   *
   * @param facts called by several threads, in no particular order; null when nothing else is
   *     wanted
   * @param callSites whether regions are to have theirs
   */
  public void forEachRegion(
      Consumer<CodeRegion> receiver, CodeFacts.@Nullable Receiver facts, boolean callSites) {
    new CodeWalk(this, receiver, facts, callSites).walk();
    if (facts != null) {
      Enumerations.all(object).forEach(facts::enumeration);
    }
  }

  /**
   * Returns whether everything that has been asked so far was answered from the file itself, and
   * nothing that it points to was missing.
   */
  public boolean selfContained() {
    return debugFiles.noneOpened() && debugFiles.missing().isEmpty();
  }

  /**
   * Returns whether two units say of the same code that it is theirs. A lookup asks one after the
   * other, which a symbol file has no place for.
   */
  public boolean unitsOverlap() {
    List<UnitRange> ranges = new ArrayList<>();
    units.forEach((low, high, unit) -> ranges.add(new UnitRange(low, high, unit)));
    ranges.sort((left, right) -> Long.compareUnsigned(left.low, right.low));
    long end = 0;
    long owner = -1;
    for (UnitRange range : ranges) {
      boolean within = Long.compareUnsigned(range.low, end) < 0;
      if (within && range.unit != owner) {
        return true;
      }
      if (!within || Long.compareUnsigned(range.high, end) > 0) {
        end = range.high;
        owner = range.unit;
      }
    }
    return false;
  }

  private record UnitRange(long low, long high, long unit) {}

  /**
   * Returns the code of each unit. What a silent unit's functions and lines cover is its code only
   * where no other unit claims it: lookups ask silent units last.
   */
  List<CodeWalk.Stretch> codeByUnit() {
    if (!hasDwarf) {
      return List.of();
    }
    Map<Long, List<CodeRegion.Range>> byUnit = new LinkedHashMap<>();
    units.forEach((low, high, unit) ->
        byUnit
            .computeIfAbsent(unit, offset -> new ArrayList<>())
            .add(new CodeRegion.Range(low, high)));
    CodeRanges claimed = new CodeRanges();
    claimed.addAll(byUnit.values().stream().flatMap(List::stream).toList());
    Set<Long> silent = new HashSet<>();
    for (long offset : units.silent()) {
      silent.add(offset);
      List<CodeRegion.Range> own = new ArrayList<>();
      for (CodeRegion.Range range : unit(offset).withDies().codeOfSilentUnit().ranges()) {
        own.addAll(claimed.gapsIn(range.low(), range.high()));
      }
      claimed.addAll(own);
      byUnit.put(offset, own);
    }
    return byUnit.entrySet().stream()
        .map(entry ->
            new CodeWalk.Stretch(entry.getKey(), entry.getValue(), silent.contains(entry.getKey())))
        .toList();
  }

  Unit unit(long offset) {
    return object.unitAt(offset);
  }

  void forget(long unitOffset) {
    object.forget(unitOffset);
  }

  /**
   * What the debugging information has at an address.
   *
   * @param unit with the DIEs; a split unit where the linked file has a skeleton
   * @param chain of the function covering it, innermost first; empty when none does
   * @param row of the unit's line table; negative when none covers it
   */
  private record Hit(Unit unit, List<InlineTree.Node> chain, int row) {
    boolean complete() {
      return !chain.isEmpty() && row >= 0;
    }

    boolean empty() {
      return chain.isEmpty() && row < 0;
    }
  }

  /** Builds the frames of one hit. */
  private record FrameBuilder(Hit hit, @Nullable String symbol) {
    List<SourceFrame> build() {
      LineTable lines = hit.unit.lines();
      int row = hit.row;
      String file = row < 0 ? null : lines.file(row);
      int line = row < 0 ? 0 : lines.line(row);
      int column = row < 0 ? 0 : lines.column(row);
      int discriminator = row < 0 ? 0 : lines.discriminator(row);
      if (hit.chain.isEmpty()) {
        return List.of(new SourceFrame(null, symbol, file, line, column, discriminator, false));
      }
      List<SourceFrame> frames = new ArrayList<>(hit.chain.size());
      for (InlineTree.Node node : hit.chain) {
        String function = hit.unit.functionName(node.namedBy());
        String own = node.inlined() ? null : symbol;
        frames.add(
            new SourceFrame(function, own, file, line, column, discriminator, node.inlined()));
        file = lines.files().path(node.callFile());
        line = node.callLine();
        column = node.callColumn();
        discriminator = node.discriminator();
      }
      return frames;
    }
  }

  /** Returns the best answer any unit has; null when none has one. */
  private @Nullable Hit hit(long linkAddress) {
    return hit(linkAddress, image.symbols().covering(linkAddress).isPresent());
  }

  /**
   * @param named whether a symbol covers the address, so that there ought to be a function: the
   *     padding between functions is not worth a search of what says nothing about its addresses
   */
  private @Nullable Hit hit(long linkAddress, boolean named) {
    if (!hasDwarf) {
      return null;
    }
    boolean thorough = named || !image.symbols().any();
    Hit best = best(null, units.listed(linkAddress), linkAddress, thorough);
    if (best == null || (thorough && !best.complete())) {
      best = best(best, units.unlisted(linkAddress), linkAddress, thorough);
    }
    return best == null && thorough ? best(null, units.silent(), linkAddress, true) : best;
  }

  private @Nullable Hit best(
      @Nullable Hit known, long[] unitOffsets, long linkAddress, boolean thorough) {
    Hit best = known;
    for (long offset : unitOffsets) {
      Unit unit = object.unitAt(offset);
      Hit hit = hitIn(unit.withDies(), linkAddress, thorough);
      object.used(unit);
      if (hit.complete()) {
        return hit;
      }
      if (!hit.empty() && (best == null || best.chain.isEmpty())) {
        best = hit;
      }
    }
    return best;
  }

  private static Hit hitIn(Unit unit, long linkAddress, boolean nested) {
    long function = unit.functionAt(linkAddress, nested);
    List<InlineTree.Node> chain =
        function < 0 ? List.of() : unit.inlineTree(function).chain(linkAddress);
    return new Hit(unit, chain, unit.lines().rowAt(linkAddress));
  }

  @Override
  public List<List<ConstantArgument>> constantArguments(long linkAddress) {
    Hit hit = hit(linkAddress);
    if (hit == null || hit.chain.isEmpty()) {
      return frames(linkAddress).stream().map(frame -> List.<ConstantArgument>of()).toList();
    }
    ConstantArguments reader = new ConstantArguments(hit.unit);
    return hit.chain.stream().map(node -> reader.of(node.dieOffset(), linkAddress)).toList();
  }

  @Override
  public List<CallSite> callSites(long linkAddress) {
    Hit hit = hit(linkAddress);
    if (hit == null || hit.chain.isEmpty()) {
      return List.of();
    }
    return CallSites.of(hit.unit, hit.chain.getLast().dieOffset());
  }

  @Override
  public boolean recordsTailCalls() {
    return true;
  }

  @Override
  public Optional<MachineCode> code() {
    return image.code();
  }

  @Override
  public Map<String, Long> enumerators(String enumName) {
    return Enumerations.named(object, enumName);
  }

  /**
   * Returns where members of structures lie, as far as there are such; pointers are not followed.
   *
   * @param names such as {@code sk_buff.head} or {@code net_device.nd_net.net}
   */
  public Map<String, MemberPlace> members(Collection<String> names) {
    return StructLayouts.of(object, names);
  }

  @Override
  public SymbolIndex symbols() {
    return image.symbols();
  }

  @Override
  public boolean relocatable() {
    return image.relocatable();
  }

  @Override
  public Optional<Long> addressIn(String section, long offsetBytes) {
    return image.addressIn(section, offsetBytes);
  }

  @Override
  public void close() {
    debugFiles.close();
    image.close();
  }
}
