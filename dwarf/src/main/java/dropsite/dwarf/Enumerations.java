package dropsite.dwarf;

import dropsite.symbols.Workers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
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
    for (UnitPlace place : UnitPlace.all(object)) {
      Map<String, Long> found = inUnit(place.unit(object), name);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return Map.of();
  }

  /**
   * Returns the enumerators of every enum that has a name, in file order: its first definition in
   * the file that has any. Units are read on all processors.
   */
  static Map<String, Map<String, Long>> all(DwarfObject object) {
    List<UnitPlace> places = UnitPlace.all(object);
    Map<String, Definition> first = new ConcurrentHashMap<>();
    AtomicInteger next = new AtomicInteger();
    Workers.run(
        Runtime.getRuntime().availableProcessors(),
        stopped -> {
          for (int i = next.getAndIncrement();
              i < places.size() && !stopped.getAsBoolean();
              i = next.getAndIncrement()) {
            addAll(places.get(i).unit(object), i, first);
          }
        });
    Map<String, Map<String, Long>> found = new LinkedHashMap<>();
    first.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(entry -> found.put(entry.getKey(), entry.getValue().enumerators));
    return found;
  }

  /**
   * Where an enum is defined.
   *
   * @param unit number of the unit in the file
   * @param dieOffset from the start of the unit's section
   */
  private record Definition(int unit, long dieOffset, Map<String, Long> enumerators)
      implements Comparable<Definition> {
    @Override
    public int compareTo(Definition other) {
      return unit != other.unit
          ? Integer.compare(unit, other.unit)
          : Long.compare(dieOffset, other.dieOffset);
    }
  }

  private static void addAll(Unit unit, int number, Map<String, Definition> first) {
    forEach(
        unit,
        (name, type) -> {
          Definition known = first.get(name);
          if (known == null || known.unit > number) {
            Definition found = new Definition(number, type.offset(), enumerators(type));
            if (!found.enumerators.isEmpty()) {
              first.merge(name, found, (old, added) -> old.compareTo(added) < 0 ? old : added);
            }
          }
          return true;
        });
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
    while (depth > 0) {
      die.pass(Abbreviation.ENUMS);
      if (die.atEnd()) {
        return;
      }
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

  /**
   * Returns the enumerators of a type, seen through typedefs and qualifiers; empty when it is no
   * enum.
   */
  static Map<String, Long> ofType(@Nullable DieReference type) {
    DieReference at = type;
    for (int i = 0; at != null && i < 16; i++) {
      Die die = at.read();
      switch (die.tag()) {
        case Dw.TAG_ENUMERATION_TYPE -> {
          Die.Value signature = die.value(Dw.AT_SIGNATURE);
          DieReference whole = signature == null ? at : at.unit().reference(signature);
          return whole == null ? Map.of() : enumerators(whole);
        }
        case Dw.TAG_TYPEDEF, Dw.TAG_CONST_TYPE, Dw.TAG_VOLATILE_TYPE, Dw.TAG_ATOMIC_TYPE -> {
          Die.Value next = die.value(Dw.AT_TYPE);
          at = next == null ? null : at.unit().reference(next);
        }
        default -> {
          return Map.of();
        }
      }
    }
    return Map.of();
  }
}
