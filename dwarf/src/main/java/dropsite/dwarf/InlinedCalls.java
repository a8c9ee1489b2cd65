package dropsite.dwarf;

import dropsite.symbols.CodeRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The inlined calls of a region as a proper tree: children within their parents and no two siblings
 * overlapping, whatever the DIEs' ranges say. Built from the chains that lookups give, so that both
 * agree at every address.
 */
final class InlinedCalls {
  private final Unit unit;
  private final Growing top = new Growing(null);
  private InlineTree.@Nullable Node concrete;

  /** Finds the calls within a region. */
  InlinedCalls(Unit unit, InlineTree tree, long low, long high) {
    this.unit = unit;
    long[] cuts = tree.cuts(low, high);
    for (int i = 0; i + 1 < cuts.length; i++) {
      Growing at = top;
      List<InlineTree.Node> chain = tree.chain(cuts[i]);
      InlineTree.Node last = chain.isEmpty() ? null : chain.getLast();
      concrete = i == 0 || Objects.equals(concrete, last) ? last : null;
      for (InlineTree.Node node : chain.reversed()) {
        if (node.inlined()) {
          at = at.child(node);
          at.cover(cuts[i], cuts[i + 1]);
        }
      }
    }
  }

  /** Returns the concrete function; null when it is not the same throughout the region. */
  InlineTree.@Nullable Node concrete() {
    return concrete;
  }

  /** Returns the calls inlined into the function itself. */
  List<CodeRegion.Call> calls() {
    return top.calls();
  }

  /** Takes one call. */
  interface Receiver {
    /**
     * Takes a call.
     *
     * @param name of the function that is called; null when it has none
     * @param depth 1 for what is inlined into the function itself
     * @param ranges ascending and apart
     */
    void call(
        InlineTree.Node node, @Nullable String name, int depth, List<CodeRegion.Range> ranges);
  }

  /** Gives all calls, each before those inlined into it. */
  void forEach(Receiver receiver) {
    top.giveChildren(1, receiver);
  }

  /** A call whose ranges are still being collected, from low addresses to high. */
  private final class Growing {
    private final InlineTree.@Nullable Node node;
    private final @Nullable String name;
    private final List<Growing> children = new ArrayList<>();
    private final List<CodeRegion.Range> ranges = new ArrayList<>();

    Growing(InlineTree.@Nullable Node node) {
      this.node = node;
      this.name = node == null ? null : unit.functionName(node.namedBy());
    }

    @SuppressWarnings("ReferenceEquality") // All nodes are of one tree.
    Growing child(InlineTree.Node wanted) {
      // The last is the likely one: addresses ascend.
      for (int i = children.size() - 1; i >= 0; i--) {
        if (wanted == children.get(i).node) {
          return children.get(i);
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

    void giveChildren(int depth, Receiver receiver) {
      for (Growing child : children) {
        if (child.node != null) {
          receiver.call(child.node, child.name, depth, child.ranges);
        }
        child.giveChildren(depth + 1, receiver);
      }
    }

    List<CodeRegion.Call> calls() {
      List<CodeRegion.Call> calls = new ArrayList<>();
      for (Growing child : children) {
        InlineTree.Node called = child.node;
        if (called != null) {
          calls.add(
              new CodeRegion.Call(
                  child.name == null ? "??" : child.name,
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
