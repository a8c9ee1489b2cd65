package dropsite.dwarf;

import dropsite.bytes.ByteCursor;

/**
 * The header of a unit in .debug_info or .debug_types (DWARF 5 §7.5.1, DWARF 4 §7.5.1).
 *
 * @param offset of the header, in bytes from the start of the section
 * @param end one past the unit's last byte, from the start of the section
 * @param rootOffset of the root DIE, from the start of the section
 * @param encoding decides the sizes of forms
 * @param type one of DW_UT_*; what older versions do not say is DW_UT_compile, and DW_UT_type in
 *     .debug_types
 * @param abbreviationsOffset into .debug_abbrev
 * @param signature of a type unit, or the split-unit id of a skeleton or split unit; else 0
 * @param typeOffset of the type DIE of a type unit, from the start of the unit; else 0
 */
record UnitHeader(
    long offset,
    long end,
    long rootOffset,
    Encoding encoding,
    int type,
    long abbreviationsOffset,
    long signature,
    long typeOffset) {

  /**
   * Reads the header at a cursor and leaves the cursor at the root DIE.
   *
   * @throws dropsite.bytes.MalformedInputException when it is broken or of a version outside 2 to 5
   */
  static UnitHeader read(ByteCursor cursor, boolean inTypesSection) {
    long offset = cursor.position();
    InitialLength length = InitialLength.read(cursor);
    long end = length.end();
    int version = cursor.u16();
    if (version < 2 || version > 5) {
      throw cursor.bytes().malformed(offset, "unit of DWARF version " + version);
    }
    int type = inTypesSection ? Dw.UT_TYPE : Dw.UT_COMPILE;
    int offsetSize = length.dwarf64() ? 8 : 4;
    int addressSize;
    long abbreviations;
    if (version == 5) {
      type = cursor.u8();
      addressSize = cursor.u8();
      abbreviations = cursor.unsigned(offsetSize);
    } else {
      abbreviations = cursor.unsigned(offsetSize);
      addressSize = cursor.u8();
    }
    if (addressSize != 8 && addressSize != 4 && addressSize != 2 && addressSize != 1) {
      throw cursor.bytes().malformed(offset, "address size " + addressSize);
    }
    long signature = 0;
    long typeOffset = 0;
    if (type == Dw.UT_TYPE || type == Dw.UT_SPLIT_TYPE) {
      signature = cursor.u64();
      typeOffset = cursor.unsigned(offsetSize);
    } else if (type == Dw.UT_SKELETON || type == Dw.UT_SPLIT_COMPILE) {
      signature = cursor.u64();
    }
    Encoding encoding = new Encoding(version, length.dwarf64(), addressSize);
    return new UnitHeader(
        offset, end, cursor.position(), encoding, type, abbreviations, signature, typeOffset);
  }

  boolean isType() {
    return type == Dw.UT_TYPE || type == Dw.UT_SPLIT_TYPE;
  }
}
