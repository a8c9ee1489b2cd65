package dropsite.dwarf;

import dropsite.symbols.CodeRegion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inlined calls of a region as a proper tree: children within their parents and no two siblings
 * overlapping, whatever the DIEs' ranges say. Built from the chains that lookups give, so that both
 * agree at every address.
 */
final class InlinedCalls {
  private final Unit unit;
  private final InlineTree tree;

  InlinedCalls(Unit unit, InlineTree tree) {
    this.unit = unit;
    this.tree = tree;
  }

  /** Returns the calls inlined into the function itself within a region. */
  List<CodeRegion.Call> in(long low, long high) {
    Growing top = new Growing(null);
    long[] cuts = tree.cuts(low, high);
    for (int i = 0; i + 1 < cuts.length; i++) {
      Growing at = top;
      List<InlineTree.Node> chain = tree.chain(cuts[i]);
      for (InlineTree.Node node : chain.reversed()) {
        if (node.inlined()) {
          at = at.child(node);
          at.cover(cuts[i], cuts[i + 1]);
        }
      }
    }
    return top.calls();
  }

  /** A call whose ranges are still being collected, from low addresses to high. */
  private final class Growing {
    private final InlineTree.@Nullable Node node;
    private final List<Growing> children = new ArrayList<>();
    private final List<CodeRegion.Range> ranges = new ArrayList<>();

    Growing(InlineTree.@Nullable Node node) {
      this.node = node;
    }

    Growing child(InlineTree.Node wanted) {
      for (Growing child : children) {
        if (wanted.equals(child.node)) {
          return child;
        }
      }
      Growing added = new Growing(wanted);
      children.add(added);
      return added;
    }

    void cover(long low, long high) {
      if (!ranges.isEmpty() && ranges.getLast().high() == low) {
        ranges.set(ranges.size() - 1, new CodeRegion.Range(ranges.getLast().low(), high));
      } else {
        ranges.add(new CodeRegion.Range(low, high));
      }
    }

    List<CodeRegion.Call> calls() {
      List<CodeRegion.Call> calls = new ArrayList<>();
      for (Growing child : children) {
        InlineTree.Node called = child.node;
        if (called != null) {
          String name = unit.functionName(called.dieOffset());
          calls.add(
              new CodeRegion.Call(
                  name == null ? "??" : name,
                  unit.lines().files().path(called.callFile()),
                  called.callLine(),
                  child.ranges,
                  child.calls()));
        }
      }
      return calls;
    }
  }
}
