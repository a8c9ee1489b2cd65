package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a GSYM file says about one address range of a function, its parts not yet decoded ({@code
 * llvm/DebugInfo/GSYM/FunctionInfo.h}).
 *
 * @param start first address, unsigned
 * @param sizeBytes 0 when the symbol table recorded none
 * @param nameOffset of its name in the string table
 * @param lines the encoded line table; null when there is none
 * @param inlined the encoded tree of inlined calls; null when there is none
 * @param merged encoded functions of the same range: aliases, and functions folded into one; null
 *     when there are none
 * @param callSites the encoded call sites; null when there are none
 */
record FunctionInfo(
    long start,
    long sizeBytes,
    long nameOffset,
    @Nullable Part lines,
    @Nullable Part inlined,
    @Nullable Part merged,
    @Nullable Part callSites) {
  static final int END_OF_LIST = 0;
  static final int LINE_TABLE = 1;
  static final int INLINED_CALLS = 2;
  private static final int MERGED_FUNCTIONS = 3;
  static final int CALL_SITES = 4;

  /**
   * Encoded bytes inside the file.
   *
   * @param offset from the start of the file
   * @param limit offset one past the last byte
   */
  record Part(long offset, long limit) {
    /** Returns a cursor over exactly these bytes. */
    ByteCursor cursor(Bytes file) {
      return new ByteCursor(file, offset, limit);
    }
  }

  /**
   * Reads the frame of a function, stepping over what it holds.
   *
   * @param cursor at the start of the function's information
   * @param start the function's address
   */
  static FunctionInfo read(ByteCursor cursor, long start) {
    long size = cursor.u32();
    long name = cursor.u32();
    if (name == 0) {
      throw cursor.malformed("function without a name");
    }
    Part lines = null;
    Part inlined = null;
    Part merged = null;
    Part callSites = null;
    while (true) {
      // Types are 32-bit and unsigned, but no known one is that large.
      int type = cursor.s32();
      long length = cursor.u32();
      Part part = new Part(cursor.position(), cursor.position() + length);
      cursor.skip(length);
      switch (type) {
        case END_OF_LIST -> {
          return new FunctionInfo(start, size, name, lines, inlined, merged, callSites);
        }
        case LINE_TABLE -> lines = part;
        case INLINED_CALLS -> inlined = part;
        case MERGED_FUNCTIONS -> merged = part;
        case CALL_SITES -> callSites = part;
        default -> {
          // Whatever later writers add: step over.
        }
      }
    }
  }

  /** Returns whether anything is known beyond name and range. */
  boolean hasSource() {
    return lines != null || inlined != null;
  }
}
