package dropsite.dwarf;

import dropsite.symbols.CodeRegion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The line table of one unit: rows by address, in sequences (DWARF 5 §6.2). Rows are no objects,
 * since a kernel has six million.
 */
final class LineTable {
  static final LineTable EMPTY =
      new LineTable(new FileTable(), new Rows(0), new long[0], new int[0]);

  private final FileTable files;
  private final Rows rows;

  /** Start and end address of each sequence, interleaved, by ascending end. */
  private final long[] sequenceBounds;

  /** First row and row after the last of each sequence, interleaved. */
  private final int[] sequenceRows;

  private final boolean overlapping;

  LineTable(FileTable files, Rows rows, long[] sequenceBounds, int[] sequenceRows) {
    this.files = files;
    this.rows = rows;
    this.sequenceBounds = sequenceBounds;
    this.sequenceRows = sequenceRows;
    this.overlapping = anyOverlap(sequenceBounds);
  }

  /**
   * Rows as the line program appends them, one after another in one array: a row is written, and
   * later found, in one place of the memory.
   */
  static final class Rows {
    private static final int WORDS = 3;

    private long[] words;
    private int count;

    Rows(int capacity) {
      words = new long[capacity * WORDS];
    }

    int count() {
      return count;
    }

    /** Forgets all rows from one on. */
    void truncate(int rows) {
      count = rows;
    }

    void add(long address, int file, int line, int column, int discriminator) {
      int at = count * WORDS;
      if (at == words.length) {
        words = Arrays.copyOf(words, (count + count / 2 + 16) * WORDS);
      }
      words[at] = address;
      words[at + 1] = ((long) file << Integer.SIZE) | (line & 0xffffffffL);
      words[at + 2] =
          ((long) discriminator << Integer.SIZE) | Math.min(column, Character.MAX_VALUE);
      count++;
    }

    /**
     * Puts rows into another order.
     *
     * @param order the rows from the first on, each once
     */
    void arrange(int from, int[] order) {
      long[] before = Arrays.copyOfRange(words, from * WORDS, (from + order.length) * WORDS);
      for (int i = 0; i < order.length; i++) {
        System.arraycopy(before, (order[i] - from) * WORDS, words, (from + i) * WORDS, WORDS);
      }
    }

    long address(int row) {
      return words[row * WORDS];
    }

    int file(int row) {
      return (int) (words[row * WORDS + 1] >>> Integer.SIZE);
    }

    int line(int row) {
      return (int) words[row * WORDS + 1];
    }

    int column(int row) {
      return (char) words[row * WORDS + 2];
    }

    int discriminator(int row) {
      return (int) (words[row * WORDS + 2] >>> Integer.SIZE);
    }

    int weightBytes() {
      return words.length * Long.BYTES;
    }
  }

  FileTable files() {
    return files;
  }

  /** Returns the code of each sequence. */
  List<CodeRegion.Range> sequences() {
    List<CodeRegion.Range> found = new ArrayList<>();
    for (int i = 0; i < sequenceBounds.length; i += 2) {
      found.add(new CodeRegion.Range(sequenceBounds[i], sequenceBounds[i + 1]));
    }
    return found;
  }

  /** Returns the row that covers a link-time address, or a negative number. */
  int rowAt(long linkAddress) {
    int low = firstSequenceEndingAbove(linkAddress);
    // Sequences of one unit seldom overlap; where they do, those that end later count too.
    int end =
        overlapping ? sequenceBounds.length / 2 : Math.min(low + 1, sequenceBounds.length / 2);
    for (int i = low; i < end; i++) {
      if (Long.compareUnsigned(sequenceBounds[2 * i], linkAddress) <= 0) {
        return lastRowNotAbove(sequenceRows[2 * i], sequenceRows[2 * i + 1], linkAddress);
      }
    }
    return -1;
  }

  private int firstSequenceEndingAbove(long linkAddress) {
    int low = 0;
    int high = sequenceBounds.length / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(sequenceBounds[2 * middle + 1], linkAddress) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int lastRowNotAbove(int first, int end, long linkAddress) {
    int low = first;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(rows.address(middle), linkAddress) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /**
   * Returns the source positions within a stretch of code, the first of them at its start; empty
   * when no row covers any of it. Where no row covers, a position without file and line stands.
   */
  List<CodeRegion.Row> rowsIn(long low, long high) {
    List<CodeRegion.Row> found = new ArrayList<>();
    boolean[] any = {false};
    forEachRow(
        low,
        high,
        (at, row) -> {
          any[0] |= row >= 0;
          String file = row < 0 ? null : file(row);
          int line = row < 0 ? 0 : line(row);
          if (found.isEmpty()
              || found.getLast().line() != line
              || !Objects.equals(found.getLast().file(), file)) {
            found.add(new CodeRegion.Row(at, file, line));
          }
        });
    return any[0] ? found : List.of();
  }

  /** Takes the row that covers from an address on; negative where none does. */
  interface RowReceiver {
    void row(long at, int row);
  }

  /** Gives the rows that cover a stretch of code, by ascending address. */
  void forEachRow(long low, long high, RowReceiver receiver) {
    long at = low;
    while (Long.compareUnsigned(at, high) < 0) {
      int row = rowAt(at);
      receiver.row(at, row);
      at =
          row < 0 || overlapping
              ? nextChange(row, at, high)
              : forEachRowBehind(row, firstSequenceEndingAbove(at), high, receiver);
    }
  }

  /**
   * Gives the rows behind one, as far as they belong to its sequence, which no other overlaps.
   *
   * @return where the sequence ends, or the stretch
   */
  private long forEachRowBehind(int first, int sequence, long high, RowReceiver receiver) {
    long sequenceEnd = sequenceBounds[2 * sequence + 1];
    long end = Long.compareUnsigned(sequenceEnd, high) < 0 ? sequenceEnd : high;
    int endRow = sequenceRows[2 * sequence + 1];
    for (int row = first + 1; row < endRow; row++) {
      long at = rows.address(row);
      if (Long.compareUnsigned(at, end) >= 0) {
        break;
      }
      // Of several rows of one address only the last covers anything.
      if (row + 1 == endRow || rows.address(row + 1) != at) {
        receiver.row(at, row);
      }
    }
    return end;
  }

  /**
   * Returns the next address at which another row may cover, or the end.
   *
   * @param row that covers the address, of a table whose sequences overlap; or negative
   */
  private long nextChange(int row, long at, long end) {
    int sequence = firstSequenceEndingAbove(at);
    if (row < 0) {
      return nextSequenceStart(sequence, at, end);
    }
    long next =
        Long.compareUnsigned(sequenceBounds[2 * sequence + 1], end) < 0
            ? sequenceBounds[2 * sequence + 1]
            : end;
    // Sequences overlap: every start counts, since lookups may change over there.
    next = nextSequenceStart(sequence, at, next);
    int after = row + 1;
    while (after < rows.count() && rows.address(after) == at) {
      after++;
    }
    boolean within = after < rows.count() && Long.compareUnsigned(rows.address(after), at) > 0;
    return within && Long.compareUnsigned(rows.address(after), next) < 0
        ? rows.address(after)
        : next;
  }

  private long nextSequenceStart(int sequence, long at, long end) {
    long next = end;
    for (int i = sequence; i < sequenceBounds.length / 2; i++) {
      long start = sequenceBounds[2 * i];
      if (Long.compareUnsigned(start, at) > 0 && Long.compareUnsigned(start, next) < 0) {
        next = start;
      }
    }
    return next;
  }

  private static boolean anyOverlap(long[] bounds) {
    for (int i = 2; i < bounds.length; i += 2) {
      if (Long.compareUnsigned(bounds[i], bounds[i - 1]) < 0) {
        return true;
      }
    }
    return false;
  }

  @Nullable String file(int row) {
    return files.path(rows.file(row));
  }

  int line(int row) {
    return rows.line(row);
  }

  int column(int row) {
    return rows.column(row);
  }

  int discriminator(int row) {
    return rows.discriminator(row);
  }

  int weightBytes() {
    return rows.weightBytes() + sequenceBounds.length * 12 + files.weightBytes();
  }
}
