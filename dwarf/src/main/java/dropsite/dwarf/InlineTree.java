package dropsite.dwarf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function's inlined subroutines (DWARF 5 §3.3.8) with their call positions, as one walk over the
 * function's DIEs finds them.
 */
final class InlineTree {
  private static final int NO_PARENT = -1;

  /** A function that opens more levels than this is no function. */
  private static final int MAX_DEPTH = 4096;

  /** Nodes in file order, the function itself first: parents come before their children. */
  private final List<Node> nodes = new ArrayList<>();

  private final AddressRanges ranges;

  /**
   * The function or one inlined subroutine.
   *
   * @param dieOffset from the start of the unit's section
   * @param namedBy offset of the DIE whose name it has, which all calls of one function share
   * @param parent index of the node that this one is inlined into; negative for a function
   * @param callFile index into the unit's file table
   */
  record Node(
      long dieOffset,
      long namedBy,
      int parent,
      int callFile,
      int callLine,
      int callColumn,
      int discriminator) {
    boolean inlined() {
      return parent != NO_PARENT;
    }

    /** One DIE is one node. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Node node && node.dieOffset == dieOffset;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(dieOffset);
    }
  }

  private InlineTree(Unit unit) {
    this.ranges = new AddressRanges(unit.info());
  }

  static InlineTree read(Unit unit, long functionOffset) {
    InlineTree tree = new InlineTree(unit);
    tree.walk(unit, functionOffset);
    return tree;
  }

  private void walk(Unit unit, long functionOffset) {
    RangeReader reader = new RangeReader(unit);
    unit.hold();
    Die die = unit.dieAt(functionOffset);
    int[] owner = new int[64];
    int depth = 0;
    owner[0] = NO_PARENT;
    do {
      if (depth > 0) {
        die.pass(Abbreviation.INLINED_CALLS);
        if (die.atEnd()) {
          break;
        }
      }
      if (!die.next()) {
        depth--;
        continue;
      }
      int node = owner[depth];
      int tag = die.tag();
      if (tag == Dw.TAG_INLINED_SUBROUTINE || tag == Dw.TAG_SUBPROGRAM) {
        die.read();
        node = add(die, tag == Dw.TAG_INLINED_SUBROUTINE ? node : NO_PARENT);
        long number = node;
        reader.ranges(die, (low, high) -> ranges.add(low, high, number));
      } else if (tag == Dw.TAG_CALL_SITE || tag == Dw.TAG_GNU_CALL_SITE) {
        // Its parameters are no code.
        die.skipTree();
        continue;
      } else {
        die.skipAttributes();
      }
      if (die.hasChildren()) {
        depth++;
        if (depth == MAX_DEPTH) {
          throw unit.info().malformed(die.offset(), "DIEs nested too deeply");
        }
        if (depth == owner.length) {
          owner = Arrays.copyOf(owner, depth * 2);
        }
        owner[depth] = node;
      }
    } while (depth > 0 && !die.atEnd());
  }

  private int add(Die die, int parent) {
    nodes.add(
        new Node(
            die.offset(),
            die.namedBy(),
            parent,
            (int) die.constant(Dw.AT_CALL_FILE),
            (int) die.constant(Dw.AT_CALL_LINE),
            (int) die.constant(Dw.AT_CALL_COLUMN),
            (int) die.constant(Dw.AT_GNU_DISCRIMINATOR)));
    return nodes.size() - 1;
  }

  /** Returns the chain of nodes that covers an address, innermost first; empty when none does. */
  List<Node> chain(long linkAddress) {
    List<Node> chain = new ArrayList<>(4);
    // The last in file order is the innermost: children follow their parents.
    for (int at = (int) ranges.lastCovering(linkAddress); at != NO_PARENT; ) {
      Node node = nodes.get(at);
      chain.add(node);
      at = node.parent();
    }
    return chain;
  }

  /** Returns where chains may change within a stretch of code, both ends included, ascending. */
  long[] cuts(long low, long high) {
    Cuts cuts = new Cuts(low, high);
    ranges.forEachBound(cuts::add);
    return cuts.sorted();
  }

  int weightBytes() {
    return 64 + nodes.size() * 64 + ranges.weightBytes();
  }
}
