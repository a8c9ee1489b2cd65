package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one function, as a program of one-byte opcodes ({@code
 * llvm/lib/DebugInfo/GSYM/LineTable.cpp}).
 *
 * <p>The program starts at the function's address with file 1 and a recorded first line. An opcode
 * from {@link #FIRST_SPECIAL} on moves address and line together and makes a row.
 */
final class LineTable {
  static final int END_SEQUENCE = 0;
  static final int SET_FILE = 1;
  static final int ADVANCE_ADDRESS = 2;
  static final int ADVANCE_LINE = 3;
  static final int FIRST_SPECIAL = 4;

  private LineTable() {}

  /**
   * A position in the source.
   *
   * @param file number in the file table
   * @param line 1-based; 0 when the compiler attributes the code to no line
   */
  record Row(long file, int line) {}

  /**
   * Returns the row covering an address: the last one that starts at or before it.
   *
   * @param cursor over the encoded table
   * @param start the function's address
   * @return null when the first row starts behind the address
   */
  static @Nullable Row covering(ByteCursor cursor, long start, long address) {
    long minDelta = cursor.sleb();
    long maxDelta = cursor.sleb();
    long range = maxDelta - minDelta + 1;
    if (range <= 0) {
      throw cursor.malformed("line deltas from " + minDelta + " to " + maxDelta);
    }
    // Addresses are kept relative to the function, so that no sum wraps before it is compared.
    long wanted = address - start;
    long offset = 0;
    long file = 1;
    int line = (int) cursor.uleb();
    long foundFile = -1;
    int foundLine = 0;
    while (true) {
      int opcode = cursor.u8();
      switch (opcode) {
        case END_SEQUENCE -> {
          return row(foundFile, foundLine);
        }
        case SET_FILE -> {
          file = cursor.uleb() & 0xffffffffL;
          continue;
        }
        case ADVANCE_LINE -> {
          line += (int) cursor.sleb();
          continue;
        }
        case ADVANCE_ADDRESS -> offset += cursor.uleb();
        default -> {
          int adjusted = opcode - FIRST_SPECIAL;
          line += (int) (minDelta + adjusted % range);
          offset += adjusted / range;
        }
      }
      if (Long.compareUnsigned(offset, wanted) > 0) {
        return row(foundFile, foundLine);
      }
      foundFile = file;
      foundLine = line;
    }
  }

  private static @Nullable Row row(long file, int line) {
    return file < 0 ? null : new Row(file, Math.max(line, 0));
  }
}
