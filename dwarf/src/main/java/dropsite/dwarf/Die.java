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
    this.cursor = unit.cursorAt(offset);
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
    return current().hasCode;
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

  /**
   * Moves over DIEs that a search passes by, together with all below them: often nothing else is
   * between two functions of a kernel than thousands of types. Stops at whatever it is not sure of.
   *
   * @param search one of {@link Abbreviation}'s
   */
  void pass(int search) {
    byte[] bytes = unit.heldBytes();
    if (bytes == null) {
      return;
    }
    long start = unit.header().offset();
    int at = (int) (cursor.position() - start);
    int end = bytes.length;
    boolean bigEndian = cursor.bytes().bigEndian();
    @Nullable Abbreviation[] shapes = unit.abbreviations().known();
    while (at < end) {
      int code = bytes[at];
      int next = at + 1;
      if (code < 0 && next < end) {
        // Of two bytes at the most: 16,384 shapes are enough for any unit.
        int high = bytes[next++];
        code = high < 0 ? 0 : (code & 0x7f) | (high << 7);
      }
      Abbreviation shape = code > 0 && code < shapes.length ? shapes[code] : null;
      if (shape == null || !shape.passedBy(search)) {
        break;
      }
      next = shape.behind(bytes, next, bigEndian);
      if (next < 0) {
        break;
      }
      at = next;
    }
    cursor.seek(start + at);
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
    if (shape.siblingForm == 0) {
      shape.skip(cursor);
      walkOverChildren();
      return;
    }
    shape.skipToSibling(cursor);
    jump(shape.siblingForm, Forms.read(cursor, shape.siblingForm, unit.header().encoding()));
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
    jump(forms[sibling], values[sibling]);
  }

  private void jump(int siblingForm, long sibling) {
    long target = siblingForm == Dw.FORM_REF_ADDR ? sibling : unit.header().offset() + sibling;
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

  /**
   * Returns the offset of the DIE of this unit whose name the DIE just read has, as far as it says
   * itself: its own, or its origin's.
   */
  long namedBy() {
    if (current().named) {
      return offset;
    }
    int origin = index(Dw.AT_ABSTRACT_ORIGIN);
    if (origin == NONE) {
      origin = index(Dw.AT_SPECIFICATION);
    }
    return origin == NONE || forms[origin] != Dw.FORM_REF4
        ? offset
        : unit.header().offset() + values[origin];
  }

  /** Returns an attribute of class constant of the DIE just read, or 0. */
  long constant(int attribute) {
    int index = index(attribute);
    return index == NONE || !Forms.isConstant(forms[index]) ? 0 : values[index];
  }

  private int index(int attribute) {
    return current().indexOf(attribute);
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
