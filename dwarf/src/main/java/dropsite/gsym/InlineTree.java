package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import java.util.ArrayList;
import java.util.List;

/**
 * The inlined calls of one function, a tree written depth first ({@code
 * llvm/lib/DebugInfo/GSYM/InlineInfo.cpp}).
 *
 * <p>A node is: count of address ranges, the ranges, a byte telling whether children follow, name,
 * call file and call line. Ranges are relative to the lowest address of the parent. A node without
 * ranges ends a list of children. The root stands for the function itself.
 */
final class InlineTree {
  /**
   * Compilers nest a few dozen deep; each level makes a frame, so damage must not make millions.
   */
  private static final int MAX_DEPTH = 512;

  private InlineTree() {}

  /**
   * A call that the compiler replaced by the body of the called function.
   *
   * @param nameOffset of the called function's name in the string table
   * @param callFile number of the file with the call
   * @param callLine line of the call; 0 when unknown
   */
  record Call(long nameOffset, long callFile, int callLine) {}

  /**
   * Returns the inlined calls that cover an address, outermost first.
   *
   * @param cursor over the encoded tree
   * @param start the function's address
   */
  static List<Call> covering(ByteCursor cursor, long start, long address) {
    List<Call> calls = new ArrayList<>();
    Ranges ranges = Ranges.read(cursor, start, address);
    boolean children = ranges.covers && readRoot(cursor);
    long parent = ranges.lowest;
    while (children) {
      ranges = Ranges.read(cursor, parent, address);
      if (ranges.count == 0) {
        break;
      }
      if (!ranges.covers) {
        skipBody(cursor);
        continue;
      }
      children = cursor.u8() != 0;
      long name = cursor.u32();
      long callFile = cursor.uleb() & 0xffffffffL;
      int callLine = Math.max((int) cursor.uleb(), 0);
      if (calls.size() == MAX_DEPTH) {
        throw cursor.malformed("inlined calls nested deeper than " + MAX_DEPTH);
      }
      calls.add(new Call(name, callFile, callLine));
      parent = ranges.lowest;
    }
    return calls;
  }

  private static boolean readRoot(ByteCursor cursor) {
    boolean children = cursor.u8() != 0;
    cursor.skip(Integer.BYTES);
    cursor.skipLeb();
    cursor.skipLeb();
    return children;
  }

  /** Steps over the rest of a node whose ranges have been read, and over all below it. */
  private static void skipBody(ByteCursor cursor) {
    // Lists of children that are still open; a counter instead of recursion, so that no input can
    // exhaust the stack.
    long open = readRoot(cursor) ? 1 : 0;
    while (open > 0) {
      long ranges = cursor.uleb();
      if (ranges == 0) {
        open--;
        continue;
      }
      for (long i = 0; i != ranges; i++) {
        cursor.skipLeb();
        cursor.skipLeb();
      }
      if (readRoot(cursor)) {
        open++;
      }
    }
  }

  /**
   * The address ranges of one node, looked at while they are read.
   *
   * @param count unsigned
   * @param covers whether one of them covers the address
   * @param lowest start of the lowest range
   */
  private record Ranges(long count, boolean covers, long lowest) {
    static Ranges read(ByteCursor cursor, long base, long address) {
      long count = cursor.uleb();
      boolean covers = false;
      long lowest = -1;
      for (long i = 0; i != count; i++) {
        long start = base + cursor.uleb();
        long size = cursor.uleb();
        covers |= Long.compareUnsigned(address - start, size) < 0;
        lowest = Long.compareUnsigned(start, lowest) < 0 ? start : lowest;
      }
      return new Ranges(count, covers, lowest);
    }
  }
}
