package dropsite.dwarf;

import dropsite.elf.ElfImage;
import dropsite.elf.ElfSection;
import dropsite.elf.SymbolTable;
import dropsite.symbols.CallSite;
import dropsite.symbols.CodeFacts;
import dropsite.symbols.CodeRegion;
import dropsite.symbols.Workers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks over all code of a file: every stretch under one name, with the answers that lookups in it
 * would get.
 *
 * <p>A region ends where the symbol or the function DIE changes, so that its name holds for all of
 * it. Units are walked in parallel and forgotten at once.
 */
final class CodeWalk {
  private final DwarfFile file;
  private final ElfImage image;
  private final SymbolTable.Coverage symbols;
  private final Consumer<CodeRegion> regions;
  private final CodeFacts.@Nullable Receiver facts;
  private final boolean withCallSites;

  /**
   * @param regions called by several threads, in no particular order
   * @param facts the same; null when they are not wanted
   * @param withCallSites whether regions are to have theirs
   */
  CodeWalk(
      DwarfFile file,
      Consumer<CodeRegion> regions,
      CodeFacts.@Nullable Receiver facts,
      boolean withCallSites) {
    this.file = file;
    this.regions = regions;
    this.facts = facts;
    this.withCallSites = withCallSites;
    this.image = file.image();
    this.symbols = image.symbols().coverage();
  }

  /** Gives every region to the receivers. */
  void walk() {
    List<Stretch> stretches = file.codeByUnit();
    AtomicInteger next = new AtomicInteger();
    Workers.run(
        Runtime.getRuntime().availableProcessors(),
        stopped -> {
          for (int i = next.getAndIncrement();
              i < stretches.size() && !stopped.getAsBoolean();
              i = next.getAndIncrement()) {
            walk(stretches.get(i));
          }
        });
    walkUnknown(stretches);
  }

  /**
   * The code of one unit.
   *
   * @param unitOffset of the unit's header
   * @param ranges of its code, in no particular order
   * @param silent whether the unit does not say what its code is
   */
  record Stretch(long unitOffset, List<CodeRegion.Range> ranges, boolean silent) {}

  private void walk(Stretch stretch) {
    Unit unit = file.unit(stretch.unitOffset).withDies();
    UnitFacts unitFacts = facts == null ? null : new UnitFacts(unit, stretch.silent, facts);
    Map<Long, List<CallSite>> callSites = new HashMap<>();
    long[] bounds = unit.functionBounds();
    for (CodeRegion.Range range : stretch.ranges) {
      long[] cuts = cuts(bounds, range);
      for (int i = 0; i + 1 < cuts.length; i++) {
        give(unit, cuts[i], cuts[i + 1], unitFacts, callSites);
      }
    }
    file.forget(stretch.unitOffset);
  }

  /**
   * Returns where names change in a range, both ends included, ascending.
   *
   * @param bounds where functions begin and end, ascending
   */
  private long[] cuts(long[] bounds, CodeRegion.Range range) {
    Cuts cuts = new Cuts(range.low(), range.high());
    symbols.forEachCut(range.low(), range.high(), cuts::add);
    int low = 0;
    int high = bounds.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(bounds[middle], range.low()) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (int i = low; i < bounds.length; i++) {
      if (Long.compareUnsigned(bounds[i], range.high()) >= 0) {
        break;
      }
      cuts.add(bounds[i]);
    }
    return cuts.sorted();
  }

  /**
   * @param callSites those of the unit's functions that were read before, by place of their DIEs
   */
  private void give(
      Unit unit,
      long low,
      long high,
      @Nullable UnitFacts unitFacts,
      Map<Long, List<CallSite>> callSites) {
    String symbol = symbols.nameAt(low);
    long function = unit.functionAt(low, symbol != null);
    InlineTree tree = function < 0 ? null : unit.inlineTree(function);
    List<InlineTree.Node> chain = tree == null ? List.of() : tree.chain(low);
    String name = symbol;
    if (name == null && !chain.isEmpty()) {
      name = unit.functionName(chain.getLast().namedBy());
    }
    InlinedCalls inlined = tree == null ? null : new InlinedCalls(unit, tree, low, high);
    if (unitFacts != null) {
      unitFacts.give(low, high, symbol, inlined);
    }
    if (name == null) {
      return;
    }
    List<CodeRegion.Row> rows = unit.lines().rowsIn(low, high);
    List<CodeRegion.Call> calls = inlined == null ? List.of() : inlined.calls();
    List<CallSite> sites =
        !withCallSites || chain.isEmpty()
            ? List.of()
            : callSites
                .computeIfAbsent(chain.getLast().dieOffset(), die -> CallSites.of(unit, die))
                .stream()
                .filter(site -> !site.tailCall() && calledIn(site, low, high))
                .toList();
    regions.accept(new CodeRegion(name, low, high, rows, calls, sites));
  }

  /** Returns whether a call is in a range: one that never returns may end it. */
  private static boolean calledIn(CallSite site, long low, long high) {
    return Long.compareUnsigned(site.returnAddress() - 1 - low, high - low) < 0;
  }

  /** Gives the symbols that no unit knows anything about: most of them assembly. */
  private void walkUnknown(List<Stretch> stretches) {
    CodeRanges known = new CodeRanges();
    known.addAll(stretches.stream().flatMap(stretch -> stretch.ranges().stream()).toList());
    for (ElfSection section : image.sections()) {
      if (section.executable() && section.sizeBytes() > 0) {
        long end = section.linkAddress() + section.sizeBytes();
        for (CodeRegion.Range gap : known.gapsIn(section.linkAddress(), end)) {
          giveNames(gap.low(), gap.high());
        }
      }
    }
  }

  private void giveNames(long low, long high) {
    Cuts cuts = new Cuts(low, high);
    symbols.forEachCut(low, high, cuts::add);
    long[] sorted = cuts.sorted();
    for (int i = 0; i + 1 < sorted.length; i++) {
      String name = symbols.nameAt(sorted[i]);
      if (name != null) {
        regions.accept(
            new CodeRegion(name, sorted[i], sorted[i + 1], List.of(), List.of(), List.of()));
      }
    }
  }
}
