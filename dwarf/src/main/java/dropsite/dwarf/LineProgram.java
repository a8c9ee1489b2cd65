package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Runs one line number program of version 2 to 5 (DWARF 5 §6.2). */
final class LineProgram {
  private static final int LNS_COPY = 1;
  private static final int LNS_ADVANCE_PC = 2;
  private static final int LNS_ADVANCE_LINE = 3;
  private static final int LNS_SET_FILE = 4;
  private static final int LNS_SET_COLUMN = 5;
  private static final int LNS_CONST_ADD_PC = 8;
  private static final int LNS_FIXED_ADVANCE_PC = 9;
  private static final int LNE_END_SEQUENCE = 1;
  private static final int LNE_SET_ADDRESS = 2;
  private static final int LNE_DEFINE_FILE = 3;
  private static final int LNE_SET_DISCRIMINATOR = 4;

  /** Three times what a kernel has in all its units together. */
  private static final int MAX_ROWS = 1 << 24;

  private final Unit unit;
  private final LineHeader header;
  private final ByteCursor cursor;
  private final Encoding encoding;
  private final LineTable.Rows rows;
  private long[] bounds = new long[8];
  private int[] rowRanges = new int[8];
  private int sequences;

  // The state machine's registers, DWARF 5 §6.2.2.
  private long address;
  private long operationIndex;
  private int file;
  private int line;
  private int column;
  private int discriminator;

  private int sequenceStart;
  private boolean dead;
  private boolean ascending;

  private LineProgram(Unit unit, LineHeader header, ByteCursor cursor) {
    this.unit = unit;
    this.header = header;
    this.cursor = cursor;
    this.rows = new LineTable.Rows((int) Math.min(cursor.remaining() / 4 + 16, 1 << 20));
    this.encoding =
        new Encoding(
            header.version(), unit.header().encoding().dwarf64(), header.addressSizeBytes());
  }

  /**
   * Reads the whole program of a unit.
   *
   * @param offset of its header in .debug_line
   */
  static LineTable read(Unit unit, long offset) {
    ByteCursor cursor = unit.sections().get(Section.LINE).cursor(offset);
    LineHeader header = LineHeader.read(unit, cursor);
    ByteCursor program = new ByteCursor(cursor.bytes(), header.programOffset(), header.endOffset());
    return new LineProgram(unit, header, program).run();
  }

  private LineTable run() {
    reset();
    int[] operandCounts = header.operandCounts().stream().mapToInt(Integer::intValue).toArray();
    while (cursor.hasRemaining()) {
      int opcode = cursor.u8();
      if (opcode > operandCounts.length) {
        special(opcode - operandCounts.length - 1);
      } else if (opcode == 0) {
        extended();
      } else {
        standard(opcode, operandCounts[opcode - 1]);
      }
    }
    return table();
  }

  private void reset() {
    address = 0;
    operationIndex = 0;
    file = 1;
    line = 1;
    column = 0;
    discriminator = 0;
    sequenceStart = rows.count;
    dead = false;
    ascending = true;
  }

  /** DWARF 5 §6.2.5.1. */
  private void special(int adjusted) {
    advance(adjusted / header.lineRange());
    line += header.lineBase() + adjusted % header.lineRange();
    append();
  }

  private void advance(long operations) {
    int perInstruction = header.maxOperations();
    if (perInstruction == 1) {
      address += header.minInstructionLength() * operations;
    } else {
      long index = operationIndex + operations;
      address += header.minInstructionLength() * (index / perInstruction);
      operationIndex = index % perInstruction;
    }
    address = encoding.truncated(address);
  }

  /** DWARF 5 §6.2.5.2. */
  private void standard(int opcode, int operandCount) {
    switch (opcode) {
      case LNS_COPY -> append();
      case LNS_ADVANCE_PC -> advance(cursor.uleb());
      case LNS_ADVANCE_LINE -> line += (int) cursor.sleb();
      case LNS_SET_FILE -> file = (int) cursor.uleb();
      case LNS_SET_COLUMN -> column = (int) Math.min(cursor.uleb() & Long.MAX_VALUE, 0xffff);
      case LNS_CONST_ADD_PC ->
          advance((255 - header.operandCounts().size() - 1) / header.lineRange());
      case LNS_FIXED_ADVANCE_PC -> {
        address = encoding.truncated(address + cursor.u16());
        operationIndex = 0;
      }
      default -> {
        // Flags that no lookup needs, and opcodes of the future, which say how long they are.
        for (int i = 0; i < operandCount; i++) {
          cursor.skipLeb();
        }
      }
    }
  }

  /** DWARF 5 §6.2.5.3. */
  private void extended() {
    long length = cursor.uleb();
    if (length == 0) {
      return;
    }
    ByteCursor operation = cursor.sub(length);
    switch (operation.u8()) {
      case LNE_END_SEQUENCE -> endSequence();
      case LNE_SET_ADDRESS -> setAddress(operation);
      case LNE_DEFINE_FILE -> {
        String name = operation.string();
        header.files().addFile(name, operation.uleb());
      }
      case LNE_SET_DISCRIMINATOR -> discriminator = (int) operation.uleb();
      default -> {
        // A vendor's operation: its length moved the cursor over it.
      }
    }
  }

  private void setAddress(ByteCursor operation) {
    int size = (int) Math.min(operation.remaining(), 9);
    if (size != 1 && size != 2 && size != 4 && size != 8) {
      throw operation.malformed("DW_LNE_set_address with " + operation.remaining() + " bytes");
    }
    address = operation.unsigned(size);
    operationIndex = 0;
    Encoding width = new Encoding(encoding.version(), encoding.dwarf64(), size);
    if (width.tombstone(address) || unit.deadAddress(address)) {
      dead = true;
    }
  }

  private void append() {
    if (!dead) {
      if (rows.count > sequenceStart
          && Long.compareUnsigned(rows.addresses[rows.count - 1], address) > 0) {
        ascending = false;
      }
      if (rows.count == MAX_ROWS) {
        throw cursor.malformed("more than " + MAX_ROWS + " rows");
      }
      rows.add(address, file, line, column, discriminator);
    }
    discriminator = 0;
  }

  private void endSequence() {
    int end = rows.count;
    if (!ascending) {
      sortRows(sequenceStart, end);
    }
    if (!dead
        && end > sequenceStart
        && Long.compareUnsigned(rows.addresses[sequenceStart], address) < 0) {
      if (2 * sequences == bounds.length) {
        bounds = Arrays.copyOf(bounds, bounds.length * 2);
        rowRanges = Arrays.copyOf(rowRanges, rowRanges.length * 2);
      }
      bounds[2 * sequences] = rows.addresses[sequenceStart];
      bounds[2 * sequences + 1] = address;
      rowRanges[2 * sequences] = sequenceStart;
      rowRanges[2 * sequences + 1] = end;
      sequences++;
    } else {
      rows.count = sequenceStart;
    }
    reset();
  }

  /** Rows must ascend within a sequence (DWARF 5 §6.2.5); where they do not, order wins. */
  private void sortRows(int from, int to) {
    int[] order =
        IntStream.range(from, to)
            .boxed()
            .sorted((a, b) -> Long.compareUnsigned(rows.addresses[a], rows.addresses[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    LineTable.Rows sorted = new LineTable.Rows(to - from);
    for (int row : order) {
      sorted.add(
          rows.addresses[row],
          rows.files[row],
          rows.lines[row],
          rows.columns[row],
          rows.discriminators[row]);
    }
    rows.count = from;
    for (int i = 0; i < order.length; i++) {
      rows.add(
          sorted.addresses[i],
          sorted.files[i],
          sorted.lines[i],
          sorted.columns[i],
          sorted.discriminators[i]);
    }
  }

  private LineTable table() {
    Integer[] order = new Integer[sequences];
    Arrays.setAll(order, index -> index);
    Arrays.sort(order, (a, b) -> Long.compareUnsigned(bounds[2 * a + 1], bounds[2 * b + 1]));
    long[] sortedBounds = new long[2 * sequences];
    int[] sortedRows = new int[2 * sequences];
    for (int i = 0; i < sequences; i++) {
      System.arraycopy(bounds, 2 * order[i], sortedBounds, 2 * i, 2);
      System.arraycopy(rowRanges, 2 * order[i], sortedRows, 2 * i, 2);
    }
    return new LineTable(header.files(), rows, sortedBounds, sortedRows);
  }
}
