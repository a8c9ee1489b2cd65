package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the DIEs of one unit (DWARF 5 §2.3): stands on one DIE at a time.
 *
 * <p>A walk calls {@link #next}, and then either {@link #read}, {@link #skipAttributes} or {@link
 * #skipTree}. Reused for every DIE of a walk, since a kernel has tens of millions of them.
 */
final class Die {
  private static final int NONE = -1;

  private final Unit unit;
  private final ByteCursor cursor;
  private @Nullable Abbreviation abbreviation;
  private long offset;
  private long[] values = new long[16];
  private int[] forms = new int[16];

  Die(Unit unit, long offset) {
    this.unit = unit;
    this.cursor = new ByteCursor(unit.info(), offset, unit.header().end());
  }

  /**
   * Moves to the next DIE in file order.
   *
   * @return false when a null entry was read, which ends a list of siblings
   */
  boolean next() {
    offset = cursor.position();
    long code = cursor.uleb();
    if (code == 0) {
      abbreviation = null;
      return false;
    }
    abbreviation = unit.abbreviations().get(code, cursor);
    return true;
  }

  boolean atEnd() {
    return !cursor.hasRemaining();
  }

  /** Returns the DIE's offset from the start of the section. */
  long offset() {
    return offset;
  }

  Unit unit() {
    return unit;
  }

  int tag() {
    return current().tag;
  }

  boolean hasChildren() {
    return current().hasChildren;
  }

  /** Returns whether the DIE's shape includes code ranges. */
  boolean hasCode() {
    Abbreviation shape = current();
    return shape.has(Dw.AT_LOW_PC) || shape.has(Dw.AT_RANGES);
  }

  /** Reads all attributes. */
  void read() {
    Abbreviation shape = current();
    int count = shape.forms.length;
    if (values.length < count) {
      values = new long[count];
      forms = new int[count];
    }
    for (int i = 0; i < count; i++) {
      int form = shape.forms[i];
      if (form == Dw.FORM_IMPLICIT_CONST) {
        values[i] = shape.implicitConstants[i];
      } else {
        if (form == Dw.FORM_INDIRECT) {
          form = Forms.indirect(cursor);
        }
        values[i] = Forms.read(cursor, form, unit.header().encoding());
      }
      forms[i] = form;
    }
  }

  /** Moves behind the attributes without reading them. */
  void skipAttributes() {
    current().skip(cursor);
  }

  /** Moves behind the DIE and all its descendants; nothing of it may have been read. */
  void skipTree() {
    Abbreviation shape = current();
    if (!shape.hasChildren) {
      shape.skip(cursor);
      return;
    }
    if (shape.has(Dw.AT_SIBLING)) {
      read();
      skipChildren();
      return;
    }
    shape.skip(cursor);
    walkOverChildren();
  }

  /** Moves behind the descendants of a DIE whose attributes have just been read. */
  void skipChildren() {
    Abbreviation shape = current();
    if (!shape.hasChildren) {
      return;
    }
    int sibling = index(Dw.AT_SIBLING);
    if (sibling == NONE) {
      walkOverChildren();
      return;
    }
    long target = unit.header().offset() + values[sibling];
    if (forms[sibling] == Dw.FORM_REF_ADDR) {
      target = values[sibling];
    }
    if (target < cursor.position() || target > cursor.limit()) {
      throw cursor.bytes().malformed(offset, "DW_AT_sibling does not point forward in the unit");
    }
    cursor.seek(target);
  }

  private void walkOverChildren() {
    int depth = 1;
    while (depth > 0 && !atEnd()) {
      long code = cursor.uleb();
      if (code == 0) {
        depth--;
        continue;
      }
      Abbreviation shape = unit.abbreviations().get(code, cursor);
      shape.skip(cursor);
      if (shape.hasChildren) {
        depth++;
      }
    }
  }

  boolean has(int attribute) {
    return index(attribute) != NONE;
  }

  /** Returns an attribute of the DIE just read, or null. */
  @Nullable Value value(int attribute) {
    int index = index(attribute);
    return index == NONE ? null : new Value(forms[index], values[index]);
  }

  /** Returns an attribute of class constant of the DIE just read, or 0. */
  long constant(int attribute) {
    int index = index(attribute);
    return index == NONE || !Forms.isConstant(forms[index]) ? 0 : values[index];
  }

  private int index(int attribute) {
    int[] names = current().names;
    for (int i = 0; i < names.length; i++) {
      if (names[i] == attribute) {
        return i;
      }
    }
    return NONE;
  }

  private Abbreviation current() {
    Abbreviation shape = abbreviation;
    if (shape == null) {
      throw cursor.malformed("a DIE was expected, not a null entry");
    }
    return shape;
  }

  /**
   * An attribute value as stored.
   *
   * @param form how to understand it
   * @param raw what {@link Forms#read} gave
   */
  record Value(int form, long raw) {}
}
