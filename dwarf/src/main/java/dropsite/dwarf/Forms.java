package dropsite.dwarf;

import dropsite.bytes.ByteCursor;

/** Reading and skipping attribute values by form (DWARF 5 §7.5.6). */
final class Forms {
  /** {@link #fixedSizeBytes} of a form whose size stands in its data. */
  static final int VARIABLE = -1;

  private Forms() {}

  /** Returns the size of a form's data, or {@link #VARIABLE}. */
  static int fixedSizeBytes(int form, Encoding encoding) {
    return switch (form) {
      case Dw.FORM_FLAG_PRESENT, Dw.FORM_IMPLICIT_CONST -> 0;
      case Dw.FORM_DATA1, Dw.FORM_FLAG, Dw.FORM_REF1, Dw.FORM_STRX1, Dw.FORM_ADDRX1 -> 1;
      case Dw.FORM_DATA2, Dw.FORM_REF2, Dw.FORM_STRX2, Dw.FORM_ADDRX2 -> 2;
      case Dw.FORM_STRX3, Dw.FORM_ADDRX3 -> 3;
      case Dw.FORM_DATA4, Dw.FORM_REF4, Dw.FORM_STRX4, Dw.FORM_ADDRX4, Dw.FORM_REF_SUP4 -> 4;
      case Dw.FORM_DATA8, Dw.FORM_REF8, Dw.FORM_REF_SIG8, Dw.FORM_REF_SUP8 -> 8;
      case Dw.FORM_DATA16 -> 16;
      case Dw.FORM_ADDR -> encoding.addressSizeBytes();
      case Dw.FORM_REF_ADDR -> encoding.refAddrSizeBytes();
      case Dw.FORM_STRP,
          Dw.FORM_SEC_OFFSET,
          Dw.FORM_LINE_STRP,
          Dw.FORM_STRP_SUP,
          Dw.FORM_GNU_REF_ALT,
          Dw.FORM_GNU_STRP_ALT ->
          encoding.offsetSizeBytes();
      default -> VARIABLE;
    };
  }

  /** Moves over a value. */
  static void skip(ByteCursor cursor, int form, Encoding encoding) {
    int size = fixedSizeBytes(form, encoding);
    if (size != VARIABLE) {
      cursor.skip(size);
      return;
    }
    switch (form) {
      case Dw.FORM_STRING -> cursor.skipString();
      case Dw.FORM_BLOCK1 -> cursor.skip(cursor.u8());
      case Dw.FORM_BLOCK2 -> cursor.skip(cursor.u16());
      case Dw.FORM_BLOCK4 -> cursor.skip(cursor.u32());
      case Dw.FORM_BLOCK, Dw.FORM_EXPRLOC -> cursor.skip(cursor.uleb());
      case Dw.FORM_SDATA,
          Dw.FORM_UDATA,
          Dw.FORM_REF_UDATA,
          Dw.FORM_STRX,
          Dw.FORM_ADDRX,
          Dw.FORM_LOCLISTX,
          Dw.FORM_RNGLISTX,
          Dw.FORM_GNU_ADDR_INDEX,
          Dw.FORM_GNU_STR_INDEX ->
          cursor.skipLeb();
      case Dw.FORM_LLVM_ADDRX_OFFSET -> {
        cursor.skipLeb();
        cursor.skip(4);
      }
      case Dw.FORM_INDIRECT -> skip(cursor, indirect(cursor), encoding);
      default -> throw unknown(cursor, form);
    }
  }

  /**
   * Reads a value as a number: a constant, an address, an offset or an index as stored. Of a block,
   * an inline string, DW_FORM_data16 and DW_FORM_LLVM_addrx_offset it gives the position in the
   * section where the contents stand, a block's length included.
   */
  static long read(ByteCursor cursor, int form, Encoding encoding) {
    return switch (form) {
      case Dw.FORM_FLAG_PRESENT -> 1;
      case Dw.FORM_DATA1, Dw.FORM_FLAG, Dw.FORM_REF1, Dw.FORM_STRX1, Dw.FORM_ADDRX1 -> cursor.u8();
      case Dw.FORM_DATA2, Dw.FORM_REF2, Dw.FORM_STRX2, Dw.FORM_ADDRX2 -> cursor.u16();
      case Dw.FORM_STRX3, Dw.FORM_ADDRX3 -> cursor.u24();
      case Dw.FORM_DATA4, Dw.FORM_REF4, Dw.FORM_STRX4, Dw.FORM_ADDRX4, Dw.FORM_REF_SUP4 ->
          cursor.u32();
      case Dw.FORM_DATA8, Dw.FORM_REF8, Dw.FORM_REF_SIG8, Dw.FORM_REF_SUP8 -> cursor.u64();
      case Dw.FORM_ADDR -> cursor.unsigned(encoding.addressSizeBytes());
      case Dw.FORM_REF_ADDR -> cursor.unsigned(encoding.refAddrSizeBytes());
      case Dw.FORM_STRP,
          Dw.FORM_SEC_OFFSET,
          Dw.FORM_LINE_STRP,
          Dw.FORM_STRP_SUP,
          Dw.FORM_GNU_REF_ALT,
          Dw.FORM_GNU_STRP_ALT ->
          cursor.unsigned(encoding.offsetSizeBytes());
      case Dw.FORM_SDATA -> cursor.sleb();
      case Dw.FORM_UDATA,
          Dw.FORM_REF_UDATA,
          Dw.FORM_STRX,
          Dw.FORM_ADDRX,
          Dw.FORM_LOCLISTX,
          Dw.FORM_RNGLISTX,
          Dw.FORM_GNU_ADDR_INDEX,
          Dw.FORM_GNU_STR_INDEX ->
          cursor.uleb();
      default -> {
        long at = cursor.position();
        skip(cursor, form, encoding);
        yield at;
      }
    };
  }

  /**
   * Reads the form that stands in the data of DW_FORM_indirect.
   *
   * @throws dropsite.bytes.MalformedInputException when it is indirect again, or an implicit
   *     constant, whose value would have no place
   */
  static int indirect(ByteCursor cursor) {
    long form = cursor.uleb();
    if (form == Dw.FORM_INDIRECT || form == Dw.FORM_IMPLICIT_CONST || form >>> 16 != 0) {
      throw cursor.malformed("form 0x" + Long.toHexString(form) + " behind DW_FORM_indirect");
    }
    return (int) form;
  }

  static boolean isBlock(int form) {
    return form == Dw.FORM_BLOCK1
        || form == Dw.FORM_BLOCK2
        || form == Dw.FORM_BLOCK4
        || form == Dw.FORM_BLOCK
        || form == Dw.FORM_EXPRLOC;
  }

  /** Returns a cursor over the contents of a block whose value {@link #read} gave. */
  static ByteCursor block(ByteCursor section, long position, int form) {
    ByteCursor cursor = section.bytes().cursor(position);
    return switch (form) {
      case Dw.FORM_BLOCK1 -> cursor.sub(cursor.u8());
      case Dw.FORM_BLOCK2 -> cursor.sub(cursor.u16());
      case Dw.FORM_BLOCK4 -> cursor.sub(cursor.u32());
      default -> cursor.sub(cursor.uleb());
    };
  }

  /** Returns whether the form is of class constant, as far as addresses and lines need it. */
  static boolean isConstant(int form) {
    return switch (form) {
      case Dw.FORM_DATA1,
          Dw.FORM_DATA2,
          Dw.FORM_DATA4,
          Dw.FORM_DATA8,
          Dw.FORM_SDATA,
          Dw.FORM_UDATA,
          Dw.FORM_IMPLICIT_CONST ->
          true;
      default -> false;
    };
  }

  private static RuntimeException unknown(ByteCursor cursor, int form) {
    return cursor.malformed("form 0x" + Integer.toHexString(form) + " is not known");
  }
}
