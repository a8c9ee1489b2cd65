package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import java.util.Arrays;

/**
 * The lines of one function, decoded from a program of one-byte opcodes ({@code
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

  /** Numbers in a row: its offset from the function's address, its file, its line. */
  private static final int ROW = 3;

  private static final int FIRST_ROWS = 16;

  /** Unsigned numbers of all rows, one array for all: lookups are many, and objects dear. */
  private final int[] rows;

  private LineTable(int[] rows) {
    this.rows = rows;
  }

  /**
   * Decodes a table up to its end, or to the first row behind the function.
   *
   * @param cursor over the encoded table
   * @param sizeBytes of the function, less than 2³²
   */
  static LineTable decode(ByteCursor cursor, long sizeBytes) {
    long minDelta = cursor.sleb();
    long maxDelta = cursor.sleb();
    long range = maxDelta - minDelta + 1;
    if (range <= 0) {
      throw cursor.malformed("line deltas from " + minDelta + " to " + maxDelta);
    }
    // Of more deltas than there are opcodes, none advances the address.
    int deltas = (int) Math.min(range, 256);
    int[] rows = new int[FIRST_ROWS * ROW];
    int size = 0;
    long offset = 0;
    int file = 1;
    int line = (int) cursor.uleb();
    while (true) {
      int opcode = cursor.u8();
      long advance;
      switch (opcode) {
        case END_SEQUENCE -> {
          return new LineTable(Arrays.copyOf(rows, size));
        }
        case SET_FILE -> {
          file = (int) cursor.uleb();
          continue;
        }
        case ADVANCE_LINE -> {
          line += (int) cursor.sleb();
          continue;
        }
        case ADVANCE_ADDRESS -> advance = cursor.uleb();
        default -> {
          int adjusted = opcode - FIRST_SPECIAL;
          advance = adjusted / deltas;
          line += (int) minDelta + adjusted % deltas;
        }
      }
      // The sum of two values below 2³² cannot wrap.
      if (advance < 0 || advance >= sizeBytes || offset + advance >= sizeBytes) {
        return new LineTable(Arrays.copyOf(rows, size));
      }
      offset += advance;
      if (size == rows.length) {
        rows = Arrays.copyOf(rows, 2 * size);
      }
      rows[size] = (int) offset;
      rows[size + 1] = file;
      rows[size + 2] = line;
      size += ROW;
    }
  }

  /**
   * Returns the row that covers an offset from the function's address, the last one that starts at
   * or before it; negative when the first starts behind it.
   */
  int covering(long offset) {
    int wanted = (int) offset;
    int low = 0;
    int high = rows.length / ROW;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(rows[middle * ROW], wanted) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Returns the number of a row's file in the file table. */
  long file(int row) {
    return Integer.toUnsignedLong(rows[row * ROW + 1]);
  }

  /** Returns a row's line, 1-based; 0 when the compiler attributes the code to no line. */
  int line(int row) {
    return Math.max(rows[row * ROW + 2], 0);
  }

  /** Returns about how much memory the table takes. */
  int memoryBytes() {
    return rows.length * Integer.BYTES;
  }
}
