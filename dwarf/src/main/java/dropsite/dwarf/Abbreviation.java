package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import java.util.Arrays;

/**
 * The shape of a DIE: its tag and the attributes that follow (DWARF 5 §7.5.3), decoded for one
 * encoding.
 */
final class Abbreviation {
  /** Searches that pass by most DIEs: for functions outside of others and for enums of a unit, */
  static final int FUNCTIONS = 1;

  static final int ENUMS = 2;

  /** for what is inlined into one function, and for its call sites. */
  static final int INLINED_CALLS = 4;

  static final int CALL_SITES = 8;

  /** For parameters of one function that may have a value. */
  static final int VALUED_PARAMETERS = 16;

  final int tag;
  final boolean hasChildren;

  /** Attribute names and forms, parallel. */
  final int[] names;

  final int[] forms;

  /** Values of DW_FORM_implicit_const, parallel to the forms; empty when there are none. */
  final long[] implicitConstants;

  /** Whether there are code ranges. */
  final boolean hasCode;

  /** Whether there is a name. */
  final boolean named;

  /** The form of DW_AT_sibling; 0 when there is none, or only its data tells the form. */
  final int siblingForm;

  /** The searches that pass by such a DIE. */
  private final int passedBy;

  /** How to move over a DIE: a number of bytes, or the complement of a form of variable size. */
  private final int[] skipPlan;

  /** How to move to DW_AT_sibling, as far as it has a form. */
  private final int[] siblingPlan;

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
    this.hasCode = indexOf(Dw.AT_LOW_PC) >= 0 || indexOf(Dw.AT_RANGES) >= 0;
    this.named =
        indexOf(Dw.AT_NAME) >= 0
            || indexOf(Dw.AT_LINKAGE_NAME) >= 0
            || indexOf(Dw.AT_MIPS_LINKAGE_NAME) >= 0;
    this.skipPlan = planSkip(forms, forms.length, encoding);
    int sibling = indexOf(Dw.AT_SIBLING);
    this.siblingForm = sibling < 0 || forms[sibling] == Dw.FORM_INDIRECT ? 0 : forms[sibling];
    this.siblingPlan =
        siblingForm == 0 || !hasChildren ? skipPlan : planSkip(forms, sibling, encoding);
    this.passedBy = passedBy();
  }

  private int passedBy() {
    boolean whole = !hasChildren || siblingForm == Dw.FORM_REF4;
    boolean scope = tag == Dw.TAG_NAMESPACE || tag == Dw.TAG_MODULE;
    boolean callSite = tag == Dw.TAG_CALL_SITE || tag == Dw.TAG_GNU_CALL_SITE;
    int searches = 0;
    if (whole && !scope && !(tag == Dw.TAG_SUBPROGRAM && hasCode)) {
      searches |= FUNCTIONS;
    }
    if (whole && !scope && tag != Dw.TAG_ENUMERATION_TYPE) {
      searches |= ENUMS;
    }
    if (hasChildren
        ? whole && callSite
        : tag != Dw.TAG_INLINED_SUBROUTINE && tag != Dw.TAG_SUBPROGRAM) {
      searches |= INLINED_CALLS;
    }
    if (!hasChildren && !callSite) {
      searches |= CALL_SITES;
    }
    boolean valued = indexOf(Dw.AT_CONST_VALUE) >= 0 || indexOf(Dw.AT_LOCATION) >= 0;
    if (whole && !(tag == Dw.TAG_FORMAL_PARAMETER && valued)) {
      searches |= VALUED_PARAMETERS;
    }
    return searches;
  }

  /**
   * Returns whether a search need not look at such a DIE nor below it: {@link #behind} leads on.
   */
  boolean passedBy(int search) {
    return (passedBy & search) != 0;
  }

  /**
   * Returns where the next DIE stands behind a DIE that is passed by and all below it.
   *
   * @param unit the bytes of the unit, from its header on
   * @param start index behind the abbreviation code
   * @return negative when it is not certain: the usual way of reading tells what is wrong
   */
  int behind(byte[] unit, int start, boolean bigEndian) {
    int at = start;
    for (int step : hasChildren ? siblingPlan : skipPlan) {
      at = step >= 0 ? at + step : behindVariable(unit, at, ~step);
      if (at < 0 || at > unit.length) {
        return -1;
      }
    }
    if (!hasChildren) {
      return at;
    }
    if (at > unit.length - 4) {
      return -1;
    }
    int first = bigEndian ? at : at + 3;
    int step = bigEndian ? 1 : -1;
    int sibling = 0;
    for (int i = 0; i < 4; i++) {
      sibling = (sibling << 8) | (unit[first + i * step] & 0xff);
    }
    return sibling >= at + 4 && sibling <= unit.length ? sibling : -1;
  }

  /**
   * Longer expressions, and forms that kernels seldom use, are left to the usual way of reading.
   */
  private static int behindVariable(byte[] unit, int start, int form) {
    return switch (form) {
      case Dw.FORM_STRING -> {
        int at = start;
        while (at < unit.length && unit[at] != 0) {
          at++;
        }
        yield at + 1;
      }
      case Dw.FORM_EXPRLOC ->
          start < unit.length && unit[start] >= 0 ? start + 1 + unit[start] : -1;
      case Dw.FORM_SDATA,
          Dw.FORM_UDATA,
          Dw.FORM_LOCLISTX,
          Dw.FORM_RNGLISTX,
          Dw.FORM_STRX,
          Dw.FORM_ADDRX -> {
        int at = start;
        while (at < unit.length && unit[at] < 0) {
          at++;
        }
        yield at + 1;
      }
      default -> -1;
    };
  }

  /** Moves a cursor, which stands behind the abbreviation code, behind the DIE's attributes. */
  void skip(ByteCursor cursor) {
    follow(skipPlan, cursor);
  }

  /** Moves a cursor, which stands behind the abbreviation code, to the value of DW_AT_sibling. */
  void skipToSibling(ByteCursor cursor) {
    follow(siblingPlan, cursor);
  }

  private void follow(int[] plan, ByteCursor cursor) {
    for (int step : plan) {
      if (step >= 0) {
        cursor.skip(step);
      } else {
        Forms.skip(cursor, ~step, encoding);
      }
    }
  }

  /** Returns the place of an attribute; negative when there is none. */
  int indexOf(int attribute) {
    for (int i = 0; i < names.length; i++) {
      if (names[i] == attribute) {
        return i;
      }
    }
    return -1;
  }

  /** Returns about how much memory this takes. */
  int weightBytes() {
    return 96 + 8 * names.length + 8 * implicitConstants.length + 4 * skipPlan.length;
  }

  private static int[] planSkip(int[] forms, int count, Encoding encoding) {
    int[] plan = new int[count];
    int steps = 0;
    for (int i = 0; i < count; i++) {
      int form = forms[i];
      int size = Forms.fixedSizeBytes(form, encoding);
      if (size == Forms.VARIABLE) {
        plan[steps++] = ~form;
      } else if (steps > 0 && plan[steps - 1] >= 0) {
        plan[steps - 1] += size;
      } else {
        plan[steps++] = size;
      }
    }
    return Arrays.copyOf(plan, steps);
  }
}
