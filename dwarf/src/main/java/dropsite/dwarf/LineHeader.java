package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header of a line number program (DWARF 5 §6.2.4, DWARF 4 §6.2.4).
 *
 * @param version 2 to 5; need not be the unit's
 * @param addressSizeBytes of DW_LNE_set_address; before DWARF 5 the unit's
 * @param minInstructionLength in bytes
 * @param maxOperations per instruction; more than 1 on VLIW machines
 * @param lineBase of special opcodes
 * @param lineRange of special opcodes
 * @param operandCounts how many LEB128 operands each standard opcode has, opcode 1 first
 * @param files the file table
 * @param programOffset of the first opcode, from the start of .debug_line
 * @param endOffset one past the program, from the start of .debug_line
 */
record LineHeader(
    int version,
    int addressSizeBytes,
    int minInstructionLength,
    int maxOperations,
    int lineBase,
    int lineRange,
    List<Integer> operandCounts,
    FileTable files,
    long programOffset,
    long endOffset) {
  private static final int LNCT_PATH = 1;
  private static final int LNCT_DIRECTORY_INDEX = 2;

  /** Of no class string: no text. */
  private static final Die.Value UNNAMED = new Die.Value(0, 0);

  static LineHeader read(Unit unit, ByteCursor section) {
    long start = section.position();
    InitialLength length = InitialLength.read(section);
    ByteCursor cursor = new ByteCursor(section.bytes(), section.position(), length.end());
    int version = cursor.u16();
    if (version < 2 || version > 5) {
      throw section.bytes().malformed(start, "line program of DWARF version " + version);
    }
    int addressSize = unit.header().encoding().addressSizeBytes();
    if (version >= 5) {
      addressSize = cursor.u8();
      int selectorSize = cursor.u8();
      if (selectorSize != 0) {
        throw cursor.malformed("segment selectors are not supported");
      }
      if (addressSize != 1 && addressSize != 2 && addressSize != 4 && addressSize != 8) {
        throw cursor.malformed("address size " + addressSize);
      }
    }
    long headerLength = cursor.unsigned(length.dwarf64() ? 8 : 4);
    if (headerLength < 0 || headerLength > cursor.remaining()) {
      throw cursor.malformed("header length " + Long.toUnsignedString(headerLength));
    }
    long program = cursor.position() + headerLength;
    int minInstructionLength = cursor.u8();
    int maxOperations = version >= 4 ? Math.max(cursor.u8(), 1) : 1;
    cursor.u8(); // default_is_stmt: every row answers, statement or not
    int lineBase = cursor.s8();
    int lineRange = cursor.u8();
    int opcodeBase = cursor.u8();
    List<Integer> operandCounts = new ArrayList<>();
    for (int opcode = 1; opcode < opcodeBase; opcode++) {
      operandCounts.add(cursor.u8());
    }
    if (lineRange == 0) {
      // Nothing can be divided by it: a program may only do without special opcodes.
      throw cursor.malformed("line range 0");
    }
    String compilationDirectory = unit.rootString(Dw.AT_COMP_DIR);
    FileTable files =
        new FileTable(
            version >= 5, compilationDirectory, value -> text(unit, section.bytes(), value));
    if (version >= 5) {
      Encoding encoding = new Encoding(version, length.dwarf64(), addressSize);
      readEntries(cursor, encoding, (path, directory) -> files.addDirectory(path));
      readEntries(cursor, encoding, files::addFile);
    } else {
      readPlainTables(cursor, files);
    }
    return new LineHeader(
        version,
        addressSize,
        minInstructionLength,
        maxOperations,
        lineBase,
        lineRange,
        List.copyOf(operandCounts),
        files,
        program,
        length.end());
  }

  private static void readPlainTables(ByteCursor cursor, FileTable files) {
    for (Die.Value path = plain(cursor); path != null; path = plain(cursor)) {
      files.addDirectory(path);
    }
    for (Die.Value name = plain(cursor); name != null; name = plain(cursor)) {
      files.addFile(name, cursor.uleb());
      cursor.skipLeb();
      cursor.skipLeb();
    }
  }

  /** Moves over a string; returns null when it is empty, which ends a table. */
  private static Die.@Nullable Value plain(ByteCursor cursor) {
    long start = cursor.position();
    cursor.skipString();
    return cursor.position() == start + 1 ? null : new Die.Value(Dw.FORM_STRING, start);
  }

  /** Receives one entry of a directory or file table. */
  private interface Sink {
    void entry(Die.Value path, long directory);
  }

  /** Reads a table in the self-describing form of DWARF 5 §6.2.4.1. */
  private static void readEntries(ByteCursor cursor, Encoding encoding, Sink sink) {
    int formatCount = cursor.u8();
    long[] contents = new long[formatCount];
    int[] forms = new int[formatCount];
    for (int i = 0; i < formatCount; i++) {
      contents[i] = cursor.uleb();
      forms[i] = (int) Math.min(cursor.uleb() & Long.MAX_VALUE, Integer.MAX_VALUE);
    }
    long count = cursor.uleb();
    if (count < 0 || (formatCount == 0 ? count > 0 : count > cursor.remaining())) {
      throw cursor.malformed(Long.toUnsignedString(count) + " entries do not fit");
    }
    for (long i = 0; i < count; i++) {
      Die.Value path = UNNAMED;
      long directory = 0;
      for (int j = 0; j < formatCount; j++) {
        if (contents[j] == LNCT_PATH) {
          path = new Die.Value(forms[j], Forms.read(cursor, forms[j], encoding));
        } else if (contents[j] == LNCT_DIRECTORY_INDEX) {
          directory = Forms.read(cursor, forms[j], encoding);
        } else {
          Forms.skip(cursor, forms[j], encoding);
        }
      }
      sink.entry(path, directory);
    }
  }

  /** Strings without a section of their own stand in .debug_line, unlike those of DIEs. */
  private static @Nullable String text(Unit unit, Bytes lineSection, Die.Value value) {
    return value.form() == Dw.FORM_STRING ? lineSection.stringAt(value.raw()) : unit.string(value);
  }
}
