package dropsite.dwarf;

import dropsite.bytes.ByteCursor;

/**
 * The shape of a DIE: its tag and the attributes that follow (DWARF 5 §7.5.3), decoded for one
 * encoding.
 */
final class Abbreviation {
  final int tag;
  final boolean hasChildren;

  /** Attribute names and forms, parallel. */
  final int[] names;

  final int[] forms;

  /** Values of DW_FORM_implicit_const, parallel to the forms; empty when there are none. */
  final long[] implicitConstants;

  /** How to move over a DIE: a number of bytes, or the complement of a form of variable size. */
  private final int[] skipPlan;

  private final Encoding encoding;

  Abbreviation(
      int tag,
      boolean hasChildren,
      int[] names,
      int[] forms,
      long[] implicitConstants,
      Encoding encoding) {
    this.tag = tag;
    this.hasChildren = hasChildren;
    this.names = names;
    this.forms = forms;
    this.implicitConstants = implicitConstants;
    this.encoding = encoding;
    this.skipPlan = planSkip(forms, encoding);
  }

  /** Moves a cursor, which stands behind the abbreviation code, behind the DIE's attributes. */
  void skip(ByteCursor cursor) {
    for (int step : skipPlan) {
      if (step >= 0) {
        cursor.skip(step);
      } else {
        Forms.skip(cursor, ~step, encoding);
      }
    }
  }

  boolean has(int attribute) {
    for (int name : names) {
      if (name == attribute) {
        return true;
      }
    }
    return false;
  }

  /** Returns about how much memory this takes. */
  int weightBytes() {
    return 96 + 8 * names.length + 8 * implicitConstants.length + 4 * skipPlan.length;
  }

  private static int[] planSkip(int[] forms, Encoding encoding) {
    int[] plan = new int[forms.length];
    int steps = 0;
    for (int form : forms) {
      int size = Forms.fixedSizeBytes(form, encoding);
      if (size == Forms.VARIABLE) {
        plan[steps++] = ~form;
      } else if (steps > 0 && plan[steps - 1] >= 0) {
        plan[steps - 1] += size;
      } else {
        plan[steps++] = size;
      }
    }
    return java.util.Arrays.copyOf(plan, steps);
  }
}
