package dropsite.dwarf;

import dropsite.bytes.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Enum types by name, and their enumerators by value. */
final class Enumerations {
  private Enumerations() {}

  /**
   * Returns the enumerators of an enum; empty when there is no definition. Units that have been
   * read already are asked first: who asks for an enum has mostly just met a function that uses it.
   * Then all units are read one after another until one defines it.
   */
  static Map<String, Long> named(DwarfObject object, String name) {
    for (Unit unit : object.knownUnits()) {
      Map<String, Long> found = inUnit(unit.withDies(), name);
      if (!found.isEmpty()) {
        return found;
      }
    }
    Map<String, Long> found = new LinkedHashMap<>();
    forEachUnit(
        object,
        unit -> {
          found.putAll(inUnit(unit, name));
          return found.isEmpty();
        });
    return found;
  }

  /** Returns the enumerators of every enum that has a name: its first definition in the file. */
  static Map<String, Map<String, Long>> all(DwarfObject object) {
    Map<String, Map<String, Long>> found = new LinkedHashMap<>();
    forEachUnit(
        object,
        unit -> {
          forEach(
              unit,
              (name, type) -> {
                if (!found.containsKey(name)) {
                  Map<String, Long> enumerators = enumerators(type);
                  if (!enumerators.isEmpty()) {
                    found.put(name, enumerators);
                  }
                }
                return true;
              });
          return true;
        });
    return found;
  }

  /**
   * Reads one unit after another.
   *
   * @param receiver returns whether to go on
   */
  private static void forEachUnit(DwarfObject object, Predicate<Unit> receiver) {
    for (Section home : new Section[] {Section.INFO, Section.TYPES}) {
      Bytes section = object.sections().get(home);
      long offset = 0;
      while (offset < section.sizeBytes()) {
        UnitHeader header = UnitHeader.read(section.cursor(offset), home == Section.TYPES);
        Unit unit = new Unit(object, object.sections(), home, header, null);
        if (!receiver.test(unit.withDies())) {
          return;
        }
        offset = header.end();
      }
    }
  }

  private static Map<String, Long> inUnit(Unit unit, String wanted) {
    Map<String, Long> found = new LinkedHashMap<>();
    forEach(
        unit,
        (name, type) -> {
          if (name.equals(wanted)) {
            found.putAll(enumerators(type));
          }
          return found.isEmpty();
        });
    return found;
  }

  /**
   * Gives the enums of a unit that have a name and a definition.
   *
   * @param receiver returns whether to go on
   */
  private static void forEach(Unit unit, BiPredicate<String, DieReference> receiver) {
    if (!unit.root().hasChildren()) {
      return;
    }
    Die die = unit.children();
    int depth = 1;
    while (depth > 0 && !die.atEnd()) {
      if (!die.next()) {
        depth--;
        continue;
      }
      int tag = die.tag();
      if (tag == Dw.TAG_ENUMERATION_TYPE) {
        die.read();
        String name = Names.string(die, Dw.AT_NAME);
        if (name != null
            && die.hasChildren()
            && !receiver.test(name, new DieReference(unit, die.offset()))) {
          return;
        }
        die.skipChildren();
      } else if (tag == Dw.TAG_NAMESPACE || tag == Dw.TAG_MODULE) {
        die.skipAttributes();
        depth += die.hasChildren() ? 1 : 0;
      } else {
        die.skipTree();
      }
    }
  }

  /** Returns the enumerators of an enumeration type, in order of declaration. */
  static Map<String, Long> enumerators(DieReference type) {
    Map<String, Long> found = new LinkedHashMap<>();
    Die die = type.read();
    if (!die.hasChildren()) {
      return found;
    }
    while (!die.atEnd() && die.next()) {
      if (die.tag() == Dw.TAG_ENUMERATOR) {
        die.read();
        String name = Names.string(die, Dw.AT_NAME);
        if (name != null) {
          found.put(name, die.constant(Dw.AT_CONST_VALUE));
        }
        die.skipChildren();
      } else {
        die.skipTree();
      }
    }
    return found;
  }

  /** Returns the enumerator of a value in a type, seen through typedefs and qualifiers; or null. */
  static @Nullable String enumerator(@Nullable DieReference type, long value) {
    DieReference at = type;
    for (int i = 0; at != null && i < 16; i++) {
      Die die = at.read();
      switch (die.tag()) {
        case Dw.TAG_ENUMERATION_TYPE -> {
          Die.Value signature = die.value(Dw.AT_SIGNATURE);
          DieReference whole = signature == null ? at : at.unit().reference(signature);
          return whole == null ? null : nameOf(enumerators(whole), value);
        }
        case Dw.TAG_TYPEDEF, Dw.TAG_CONST_TYPE, Dw.TAG_VOLATILE_TYPE, Dw.TAG_ATOMIC_TYPE -> {
          Die.Value next = die.value(Dw.AT_TYPE);
          at = next == null ? null : at.unit().reference(next);
        }
        default -> {
          return null;
        }
      }
    }
    return null;
  }

  private static @Nullable String nameOf(Map<String, Long> enumerators, long value) {
    for (Map.Entry<String, Long> entry : enumerators.entrySet()) {
      if (entry.getValue() == value) {
        return entry.getKey();
      }
    }
    return null;
  }
}
