package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Runs one line number program of version 2 to 5 (DWARF 5 §6.2). */
final class LineProgram {
  private static final int OPCODES = 256;
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

  /** Sixteen times what a kernel has in all its units together. */
  private static final long MAX_PROGRAM_BYTES = 1 << 28;

  private final Unit unit;
  private final LineHeader header;
  private final Bytes section;

  /** The program's opcodes and one byte more, so that reading one needs no look at the end. */
  private final byte[] program;

  private final int length;
  private final Encoding encoding;
  private final int[] operandCounts;
  private final int opcodeBase;

  /** What each special opcode adds to address and line (DWARF 5 §6.2.5.1). */
  private final int[] operationAdvances = new int[OPCODES];

  private final int[] lineAdvances = new int[OPCODES];
  private final int constantAdvance;
  private final long instructionLength;
  private final int operationsPerInstruction;
  private final LineTable.Rows rows;
  private long[] bounds = new long[8];
  private int[] rowRanges = new int[8];
  private int sequences;

  /** Index in the program of the next byte. */
  private int at;

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

  private LineProgram(Unit unit, LineHeader header, Bytes section) {
    this.unit = unit;
    this.header = header;
    this.section = section;
    this.length = (int) Math.min(header.endOffset() - header.programOffset(), MAX_PROGRAM_BYTES);
    this.program = new byte[length + 1];
    section.copy(header.programOffset(), program, length);
    this.operandCounts = new int[header.operandCounts().size()];
    Arrays.setAll(operandCounts, index -> header.operandCounts().get(index));
    this.opcodeBase = operandCounts.length + 1;
    this.instructionLength = header.minInstructionLength();
    this.operationsPerInstruction = header.maxOperations();
    this.rows = new LineTable.Rows(Math.min(length / 3 + 16, 1 << 20));
    for (int opcode = opcodeBase; opcode < OPCODES; opcode++) {
      operationAdvances[opcode] = (opcode - opcodeBase) / header.lineRange();
      lineAdvances[opcode] = header.lineBase() + (opcode - opcodeBase) % header.lineRange();
    }
    this.constantAdvance = (OPCODES - 1 - opcodeBase) / header.lineRange();
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
    Bytes section = unit.sections().get(Section.LINE);
    LineHeader header = LineHeader.read(unit, section.cursor(offset));
    long length = header.endOffset() - header.programOffset();
    if (length > MAX_PROGRAM_BYTES) {
      throw section.malformed(offset, "line program of " + length + " bytes");
    }
    return new LineProgram(unit, header, section).run();
  }

  private LineTable run() {
    reset();
    while (at < length) {
      if (runToExtended()) {
        extended();
      }
    }
    if (at > length) {
      throw truncated();
    }
    return table();
  }

  /**
   * Runs special (DWARF 5 §6.2.5.1) and standard opcodes (§6.2.5.2). A kernel has sixteen million:
   * the registers stay in local variables.
   *
   * @return whether it stopped behind the 0 that begins an extended opcode
   */
  private boolean runToExtended() {
    byte[] code = program;
    int end = length;
    boolean simple = operationsPerInstruction == 1 && encoding.addressSizeBytes() == Long.BYTES;
    long address = this.address;
    int file = this.file;
    int line = this.line;
    int column = this.column;
    int discriminator = this.discriminator;
    int at = this.at;
    int opcode = -1;
    while (at < end && opcode != 0) {
      opcode = code[at++] & 0xff;
      if (opcode >= opcodeBase) {
        int operations = operationAdvances[opcode];
        address = simple ? address + instructionLength * operations : advanced(address, operations);
        line += lineAdvances[opcode];
        append(address, file, line, column, discriminator);
        discriminator = 0;
        continue;
      }
      switch (opcode) {
        case 0 -> {
          // Extended.
        }
        case LNS_COPY -> {
          append(address, file, line, column, discriminator);
          discriminator = 0;
        }
        case LNS_ADVANCE_PC -> {
          address = advanced(address, uleb(at));
          at = this.at;
        }
        case LNS_ADVANCE_LINE -> {
          line += (int) sleb(at);
          at = this.at;
        }
        case LNS_SET_FILE -> {
          file = (int) uleb(at);
          at = this.at;
        }
        case LNS_SET_COLUMN -> {
          column = (int) Math.min(uleb(at) & Long.MAX_VALUE, 0xffff);
          at = this.at;
        }
        case LNS_CONST_ADD_PC -> address = advanced(address, constantAdvance);
        case LNS_FIXED_ADVANCE_PC -> {
          address = encoding.truncated(address + unsigned(at, 2));
          at += 2;
          operationIndex = 0;
        }
        default -> {
          // Flags that no lookup needs, and opcodes of the future, which say how long they are.
          for (int i = 0; i < operandCounts[opcode - 1]; i++) {
            uleb(at);
            at = this.at;
          }
        }
      }
    }
    this.address = address;
    this.file = file;
    this.line = line;
    this.column = column;
    this.discriminator = discriminator;
    this.at = at;
    return opcode == 0;
  }

  private void reset() {
    address = 0;
    operationIndex = 0;
    file = 1;
    line = 1;
    column = 0;
    discriminator = 0;
    sequenceStart = rows.count();
    dead = false;
    ascending = true;
  }

  private long advanced(long from, long operations) {
    return operationsPerInstruction == 1
        ? encoding.truncated(from + instructionLength * operations)
        : advancedWithinInstructions(from, operations);
  }

  private long advancedWithinInstructions(long from, long operations) {
    long index = operationIndex + operations;
    operationIndex = index % operationsPerInstruction;
    return encoding.truncated(from + instructionLength * (index / operationsPerInstruction));
  }

  /**
   * Reads an unsigned LEB128 and notes where it ends; one that the program cuts off ends behind the
   * program.
   */
  private long uleb(int start) {
    int next = Math.min(start, length);
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte part = program[next++];
      if (shift < Long.SIZE) {
        value |= (part & 0x7fL) << shift;
      }
      if (part >= 0) {
        at = next;
        return value;
      }
    }
  }

  /** Reads a signed LEB128 likewise. */
  private long sleb(int start) {
    long value = uleb(start);
    int bits = 7 * (at - Math.min(start, length));
    // The highest bit that is stored is the sign.
    return bits < Long.SIZE ? value << (Long.SIZE - bits) >> (Long.SIZE - bits) : value;
  }

  private long unsigned(int start, int sizeBytes) {
    return cursorAt(start).unsigned(sizeBytes);
  }

  private ByteCursor cursorAt(int index) {
    return new ByteCursor(section, header.programOffset() + index, header.endOffset());
  }

  /** DWARF 5 §6.2.5.3. */
  private void extended() {
    long size = uleb(at);
    if (size == 0) {
      return;
    }
    if (size < 0 || size > length - at) {
      throw malformed("an operation of " + Long.toUnsignedString(size) + " bytes does not fit");
    }
    int end = at + (int) size;
    switch (program[at++] & 0xff) {
      case LNE_END_SEQUENCE -> endSequence();
      case LNE_SET_ADDRESS -> setAddress((int) size - 1);
      case LNE_DEFINE_FILE -> {
        ByteCursor name = cursorAt(at);
        name.skipString();
        long directory = name.uleb();
        Die.Value text = new Die.Value(Dw.FORM_STRING, header.programOffset() + at);
        header.files().addFile(text, directory);
      }
      case LNE_SET_DISCRIMINATOR -> discriminator = (int) uleb(at);
      default -> {
        // A vendor's operation: its length leads behind it.
      }
    }
    at = end;
  }

  private void setAddress(int sizeBytes) {
    if (sizeBytes != 1 && sizeBytes != 2 && sizeBytes != 4 && sizeBytes != 8) {
      throw malformed("DW_LNE_set_address with " + sizeBytes + " bytes");
    }
    address = unsigned(at, sizeBytes);
    operationIndex = 0;
    Encoding width = new Encoding(encoding.version(), encoding.dwarf64(), sizeBytes);
    if (width.tombstone(address) || unit.deadAddress(address)) {
      dead = true;
    }
  }

  private void append(long address, int file, int line, int column, int discriminator) {
    if (dead) {
      return;
    }
    if (rows.count() > sequenceStart) {
      long last = rows.address(rows.count() - 1);
      if (last == address) {
        // Only the last row of an address covers anything.
        rows.truncate(rows.count() - 1);
      } else if (Long.compareUnsigned(last, address) > 0) {
        ascending = false;
      }
    }
    if (rows.count() == MAX_ROWS) {
      throw malformed("more than " + MAX_ROWS + " rows");
    }
    rows.add(address, file, line, column, discriminator);
  }

  private MalformedInputException truncated() {
    return section.malformed(header.endOffset(), "an operation reaches beyond the line program");
  }

  private MalformedInputException malformed(String problem) {
    return section.malformed(header.programOffset() + at, problem);
  }

  private void endSequence() {
    int end = rows.count();
    if (!ascending) {
      sortRows(sequenceStart, end);
    }
    if (!dead
        && end > sequenceStart
        && Long.compareUnsigned(rows.address(sequenceStart), address) < 0) {
      if (2 * sequences == bounds.length) {
        bounds = Arrays.copyOf(bounds, bounds.length * 2);
        rowRanges = Arrays.copyOf(rowRanges, rowRanges.length * 2);
      }
      bounds[2 * sequences] = rows.address(sequenceStart);
      bounds[2 * sequences + 1] = address;
      rowRanges[2 * sequences] = sequenceStart;
      rowRanges[2 * sequences + 1] = end;
      sequences++;
    } else {
      rows.truncate(sequenceStart);
    }
    reset();
  }

  /** Rows must ascend within a sequence (DWARF 5 §6.2.5); where they do not, order wins. */
  private void sortRows(int from, int to) {
    int[] order =
        IntStream.range(from, to)
            .boxed()
            .sorted((a, b) -> Long.compareUnsigned(rows.address(a), rows.address(b)))
            .mapToInt(Integer::intValue)
            .toArray();
    rows.arrange(from, order);
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
