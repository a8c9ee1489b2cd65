package dropsite.gsym;

import dropsite.bytes.ByteSink;
import java.util.Arrays;

/**
 * One region as a function information in which the places of strings and files, and the lengths
 * that depend on them, are left open: threads meet names in any order, and what is written must not
 * depend on it.
 */
final class EncodedRegion {
  // What is left open at a position: 32 bits of position, 2 of these, 30 of the number that it is.
  private static final long STRING = 0L << 30;
  private static final long FILE = 1L << 30;
  private static final long PART = 2L << 30;
  private static final long PART_END = 3L << 30;
  private static final int NUMBER = (1 << 30) - 1;

  private final long low;
  private final ByteSink closed = new ByteSink();
  private long[] open = new long[16];
  private int count;

  EncodedRegion(long low) {
    this.low = low;
  }

  /** Returns the address of the region. */
  long low() {
    return low;
  }

  /** Returns where everything else goes. */
  ByteSink out() {
    return closed;
  }

  /** Adds the offset of a string in the string table, by its number. */
  void string(int number) {
    leaveOpen(STRING, number);
  }

  /** Adds the number of a file in the file table, by its number here. */
  void file(int number) {
    leaveOpen(FILE, number);
  }

  /** Begins a part with its type and length. */
  void startPart(int type) {
    closed.u32(type);
    leaveOpen(PART, 0);
  }

  /** Ends the part last begun. */
  void endPart() {
    leaveOpen(PART_END, 0);
  }

  /** Keeps no more memory than is needed. */
  EncodedRegion trimmed() {
    closed.trim();
    open = Arrays.copyOf(open, count);
    return this;
  }

  /** Returns the finished bytes, padded to 4. */
  byte[] placed(NameTables names) {
    ByteSink out = new ByteSink();
    int from = 0;
    int lengthAt = 0;
    for (int i = 0; i < count; i++) {
      int at = (int) (open[i] >>> Integer.SIZE);
      out.raw(closed, from, at);
      from = at;
      int number = (int) open[i] & NUMBER;
      long what = open[i] & (3L << 30);
      if (what == STRING) {
        out.u32(names.stringOffset(number));
      } else if (what == FILE) {
        out.uleb(names.fileNumber(number));
      } else if (what == PART) {
        lengthAt = out.size();
        out.u32(0);
      } else {
        out.set32(lengthAt, out.size() - lengthAt - 4);
      }
    }
    out.raw(closed, from, closed.size());
    return out.padded(4);
  }

  private void leaveOpen(long what, int number) {
    if (number > NUMBER) {
      throw new IllegalStateException("too many names");
    }
    if (count == open.length) {
      open = Arrays.copyOf(open, 2 * count);
    }
    open[count++] = ((long) closed.size() << Integer.SIZE) | what | number;
  }
}
