package dropsite.dwarf;

import org.jspecify.annotations.Nullable;

/** Names of functions, through the DIEs that they are instances or completions of. */
final class Names {
  /** Longer chains of origins do not occur; a cycle would. */
  private static final int MAX_ORIGINS = 16;

  private Names() {}

  /** Returns the linkage name, else the name, of a DIE or of what it stands for; or null. */
  static @Nullable String ofFunction(DieReference start) {
    String name = null;
    DieReference at = start;
    for (int i = 0; at != null && i < MAX_ORIGINS; i++) {
      Die die = at.read();
      String linkage = string(die, Dw.AT_LINKAGE_NAME);
      if (linkage == null) {
        linkage = string(die, Dw.AT_MIPS_LINKAGE_NAME);
      }
      if (linkage != null) {
        return linkage;
      }
      if (name == null) {
        name = string(die, Dw.AT_NAME);
      }
      at = origin(die);
    }
    return name;
  }

  /** Returns the abstract origin or specification of a DIE just read; null when it has none. */
  static @Nullable DieReference origin(Die die) {
    Die.Value origin = die.value(Dw.AT_ABSTRACT_ORIGIN);
    if (origin == null) {
      origin = die.value(Dw.AT_SPECIFICATION);
    }
    return origin == null ? null : die.unit().reference(origin);
  }

  /**
   * Returns an attribute of a DIE, or of the first of its origins that has it, with the unit that
   * it is to be understood in; or null.
   */
  static @Nullable Found find(DieReference start, int attribute) {
    DieReference at = start;
    for (int i = 0; at != null && i < MAX_ORIGINS; i++) {
      Die die = at.read();
      Die.Value value = die.value(attribute);
      if (value != null) {
        return new Found(at.unit(), value);
      }
      at = origin(die);
    }
    return null;
  }

  /** An attribute value and the unit that gives it its meaning. */
  record Found(Unit unit, Die.Value value) {
    @Nullable DieReference reference() {
      return unit.reference(value);
    }

    @Nullable String string() {
      return unit.string(value);
    }
  }

  static @Nullable String string(Die die, int attribute) {
    Die.Value value = die.value(attribute);
    return value == null ? null : die.unit().string(value);
  }
}
