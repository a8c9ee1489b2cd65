package dropsite.dwarf;

import dropsite.symbols.CallSite;
import dropsite.symbols.CodeFacts;
import dropsite.symbols.CodeFacts.Naming;
import dropsite.symbols.CodeFacts.Position;
import dropsite.symbols.CodeRegion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers what one unit knows of its code beyond functions, files and lines. */
final class UnitFacts {
  private static final int NO_CALL_SITES = -1;

  /** Readers of symbol files follow inlined calls no deeper. */
  private static final int DEEPEST_CALL = 512;

  private final Unit unit;
  private final boolean silent;
  private final CodeFacts.Receiver receiver;
  private final Map<Long, Integer> callSites = new HashMap<>();
  private final ConstantArguments constants;

  /** The path found to fit last, for the next row most likely has the same. */
  private @Nullable String fitting;

  /**
   * @param silent whether lookups ask the unit only where a symbol covers the address
   */
  UnitFacts(Unit unit, boolean silent, CodeFacts.Receiver receiver) {
    this.unit = unit;
    this.silent = silent;
    this.receiver = receiver;
    this.constants = new ConstantArguments(unit);
  }

  /**
   * Gives the facts of a region, unless there are none.
   *
   * @param symbol that covers the region; null when none does
   * @param inlined the calls inlined into the function that covers it; null when none does
   */
  void give(long low, long high, @Nullable String symbol, @Nullable InlinedCalls inlined) {
    if (inlined == null) {
      giveLines(low, high, symbol);
      return;
    }
    InlineTree.Node concrete = inlined.concrete();
    String name = concrete == null ? null : unit.functionName(concrete.namedBy());
    boolean expressible =
        concrete != null && (symbol != null || (name != null && !silent)) && linesFit(low, high);
    List<CodeFacts.Call> calls = new ArrayList<>();
    List<CodeFacts.Constant> constants = new ArrayList<>();
    if (concrete != null) {
      constants(concrete, 0, List.of(new CodeRegion.Range(low, high)), constants);
    }
    List<InlineTree.Node> unfit = new ArrayList<>();
    inlined.forEach((node, called, depth, ranges) -> {
      if (called == null || !fits(node) || depth > DEEPEST_CALL) {
        unfit.add(node);
      }
      calls(node, depth, ranges, calls);
      constants(node, depth, ranges, constants);
    });
    Naming naming = symbol != null ? Naming.SYMBOL : Naming.FUNCTION;
    receiver.facts(
        new CodeFacts(
            low,
            high,
            expressible && unfit.isEmpty() ? naming : Naming.INEXPRESSIBLE,
            name,
            positions(low, high, false),
            calls,
            constants,
            concrete == null ? NO_CALL_SITES : callSites(concrete.dieOffset())));
  }

  /** Gives the facts of code that is in no function. */
  private void giveLines(long low, long high, @Nullable String symbol) {
    if (symbol == null && silent) {
      return;
    }
    List<Position> positions = positions(low, high, symbol == null);
    if (positions.isEmpty()) {
      return;
    }
    Naming naming = symbol == null ? Naming.NOTHING : Naming.SYMBOL;
    receiver.facts(
        new CodeFacts(
            low,
            high,
            linesFit(low, high) ? naming : Naming.INEXPRESSIBLE,
            null,
            positions,
            List.of(),
            List.of(),
            NO_CALL_SITES));
  }

  /** Returns whether a symbol file can say what the rows of a region say. */
  private boolean linesFit(long low, long high) {
    boolean[] fit = {true};
    LineTable lines = unit.lines();
    lines.forEachRow(
        low,
        high,
        (at, row) -> fit[0] &= row < 0 || (lines.line(row) >= 0 && fits(lines.file(row))));
    return fit[0];
  }

  private boolean fits(InlineTree.Node node) {
    return node.callLine() >= 0 && fits(unit.lines().files().path(node.callFile()));
  }

  /** Returns whether a path comes out as it is when directory and name are kept apart. */
  @SuppressWarnings("ReferenceEquality") // A file table gives a file's path as one object.
  private boolean fits(@Nullable String path) {
    if (path == null || path == fitting) {
      return true;
    }
    int slash = path.lastIndexOf('/');
    boolean fits = !path.isEmpty() && (slash <= 0 || path.charAt(slash - 1) != '/');
    fitting = fits ? path : fitting;
    return fits;
  }

  private List<Position> positions(long low, long high, boolean withSource) {
    LineTable lines = unit.lines();
    List<Position> found = new ArrayList<>();
    boolean[] any = {false};
    lines.forEachRow(
        low,
        high,
        (at, row) -> {
          any[0] |= row >= 0;
          Position position =
              row < 0
                  ? new Position(at, !withSource, null, 0, 0, 0)
                  : new Position(
                      at,
                      true,
                      withSource ? lines.file(row) : null,
                      withSource ? lines.line(row) : 0,
                      lines.column(row),
                      lines.discriminator(row));
          if (found.isEmpty() || !found.getLast().saysAs(position)) {
            found.add(position);
          }
        });
    return any[0] ? found : List.of();
  }

  private static void calls(
      InlineTree.Node node, int depth, List<CodeRegion.Range> ranges, List<CodeFacts.Call> found) {
    if (node.callColumn() == 0 && node.discriminator() == 0) {
      return;
    }
    for (CodeRegion.Range range : ranges) {
      found.add(
          new CodeFacts.Call(
              depth, range.low(), range.high(), node.callColumn(), node.discriminator()));
    }
  }

  private void constants(
      InlineTree.Node node,
      int depth,
      List<CodeRegion.Range> ranges,
      List<CodeFacts.Constant> found) {
    constants.forEach(
        node.dieOffset(),
        ranges,
        (low, high, argument) -> found.add(new CodeFacts.Constant(depth, low, high, argument)));
  }

  private int callSites(long function) {
    Integer known = callSites.get(function);
    if (known == null) {
      List<CallSite> sites = CallSites.of(unit, function);
      known = sites.isEmpty() ? NO_CALL_SITES : receiver.callSites(sites);
      callSites.put(function, known);
    }
    return known;
  }
}
