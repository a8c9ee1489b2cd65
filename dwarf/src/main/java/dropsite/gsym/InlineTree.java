package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The inlined calls of one function, decoded from a tree written depth first ({@code
 * llvm/lib/DebugInfo/GSYM/InlineInfo.cpp}).
 *
 * <p>A node is: count of address ranges, the ranges, a byte telling whether children follow, name,
 * call file and call line. Ranges are relative to the lowest address of the parent. A node without
 * ranges ends a list of children. The root stands for the function itself.
 */
final class InlineTree {
  /** The root, and what stands for "no call". */
  static final int ROOT = 0;

  /**
   * Compilers nest a few dozen deep; each level makes a frame, so damage must not make millions.
   */
  private static final int MAX_DEPTH = 512;

  /*
   * What is kept of a node, in this order: position of what follows its subtree, position of its
   * parent, number of nodes before it, name, call file, call line, number of ranges. Start and size
   * of each range follow, as unsigned offsets from the function's address, and then its children.
   */
  private static final int NEXT = 0;
  private static final int PARENT = 1;
  private static final int ORDINAL = 2;
  private static final int NAME = 3;
  private static final int CALL_FILE = 4;
  private static final int CALL_LINE = 5;
  private static final int RANGES = 6;
  private static final int FIRST_RANGE = 7;

  private static final long MAX_OFFSET = 0xffffffffL;

  /** All nodes in one array: objects would take longer to make than the answers. */
  private final int[] nodes;

  /** Names of the calls asked for so far. */
  private final @Nullable String[] names;

  private InlineTree(int[] nodes, int count) {
    this.nodes = nodes;
    this.names = new String[count];
  }

  /**
   * Decodes a tree.
   *
   * @param cursor over the encoded tree
   */
  static InlineTree decode(ByteCursor cursor) {
    return new Decoder(cursor).tree();
  }

  /**
   * Returns the innermost call that covers an offset from the function's address; {@link #ROOT}
   * when none does.
   */
  int covering(long offset) {
    int wanted = (int) offset;
    int found = ROOT;
    int at = ROOT;
    int end = nodes.length;
    while (at < end) {
      if (covers(at, wanted)) {
        found = at;
        end = nodes[at + NEXT];
        at += FIRST_RANGE + 2 * nodes[at + RANGES];
      } else {
        at = nodes[at + NEXT];
      }
    }
    return found;
  }

  private boolean covers(int node, int offset) {
    int first = node + FIRST_RANGE;
    int end = first + 2 * nodes[node + RANGES];
    for (int i = first; i < end; i += 2) {
      if (Integer.compareUnsigned(offset - nodes[i], nodes[i + 1]) < 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns the call that a call was made in, or the root. */
  int caller(int call) {
    return nodes[call + PARENT];
  }

  /** Returns how many calls deep a call is; 0 for the root. */
  int depth(int call) {
    int depth = 0;
    for (int at = call; at != ROOT; at = caller(at)) {
      depth++;
    }
    return depth;
  }

  /** Returns the offset of the called function's name in the string table. */
  long nameOffset(int call) {
    return Integer.toUnsignedLong(nodes[call + NAME]);
  }

  /** Returns the called function's name. */
  String name(int call, StringTable strings) {
    int ordinal = nodes[call + ORDINAL];
    String known = names[ordinal];
    if (known == null) {
      known = strings.at(nameOffset(call));
      names[ordinal] = known;
    }
    return known;
  }

  /** Returns the number of the file with the call. */
  long callFile(int call) {
    return Integer.toUnsignedLong(nodes[call + CALL_FILE]);
  }

  /** Returns the line of the call; 0 when unknown. */
  int callLine(int call) {
    return Math.max(nodes[call + CALL_LINE], 0);
  }

  /** Returns about how much memory the tree takes. */
  int memoryBytes() {
    return (nodes.length + names.length) * Integer.BYTES;
  }

  /** Reads the nodes one after another; a list of those still open stands for recursion. */
  private static final class Decoder {
    private final ByteCursor cursor;
    private int[] nodes = new int[64];
    private int size;
    private int count;
    private final int[] open = new int[MAX_DEPTH + 1];
    private final long[] bases = new long[MAX_DEPTH + 1];
    private int depth;

    Decoder(ByteCursor cursor) {
      this.cursor = cursor;
    }

    InlineTree tree() {
      node(0, ROOT);
      while (depth > 0) {
        if (!node(bases[depth - 1], open[depth - 1])) {
          depth--;
          nodes[open[depth] + NEXT] = size;
        }
      }
      return new InlineTree(Arrays.copyOf(nodes, size), count);
    }

    /**
     * Reads a node, opening it when children follow.
     *
     * @param base what its ranges are relative to, as an offset from the function's address
     * @return false at the end of a list
     */
    private boolean node(long base, int parent) {
      long ranges = cursor.uleb();
      if (ranges == 0) {
        return false;
      }
      int start = size;
      grow(FIRST_RANGE);
      size += FIRST_RANGE;
      long lowest = ranges(base, ranges);
      boolean children = cursor.u8() != 0;
      nodes[start + PARENT] = parent;
      nodes[start + ORDINAL] = count++;
      nodes[start + NAME] = cursor.s32();
      nodes[start + CALL_FILE] = (int) cursor.uleb();
      nodes[start + CALL_LINE] = (int) cursor.uleb();
      nodes[start + RANGES] = (size - start - FIRST_RANGE) / 2;
      nodes[start + NEXT] = size;
      if (children) {
        if (depth > MAX_DEPTH) {
          throw cursor.malformed("inlined calls nested deeper than " + MAX_DEPTH);
        }
        open[depth] = start;
        bases[depth] = lowest;
        depth++;
      }
      return true;
    }

    /** Reads the ranges of a node and returns the start of the lowest. */
    private long ranges(long base, long count) {
      long lowest = -1;
      for (long i = 0; i != count; i++) {
        long start = base + cursor.uleb();
        long length = cursor.uleb();
        lowest = Long.compareUnsigned(start, lowest) < 0 ? start : lowest;
        // No function is that large: what begins there covers nothing of it.
        if (start >= 0 && start <= MAX_OFFSET) {
          grow(2);
          nodes[size++] = (int) start;
          nodes[size++] = (int) (length < 0 ? MAX_OFFSET : Math.min(length, MAX_OFFSET));
        }
      }
      return lowest;
    }

    private void grow(int more) {
      if (size + more > nodes.length) {
        nodes = Arrays.copyOf(nodes, 2 * nodes.length);
      }
    }
  }
}
