package dropsite.dwarf;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where members of structures lie (DWARF 5 §5.7.6). Members of members without a name are found as
 * in C; pointers are not followed.
 */
final class StructLayouts {
  /** Types that lead to another, and levels of members: more than anyone writes. */
  private static final int MAX_DEPTH = 32;

  /** Structures looked into: unnamed members that hold each other twice over have no end. */
  private static final int MOST_LOOKS = 1 << 16;

  private static final long LARGEST_BYTES = 1L << 31;

  private final Map<String, List<String>> wanted = new HashMap<>();
  private final Map<String, MemberPlace> found = new HashMap<>();
  private int looks;

  /**
   * @param members names such as {@code sk_buff.head} or {@code net_device.nd_net.net}
   */
  private StructLayouts(Collection<String> members) {
    for (String name : members) {
      int dot = name.indexOf('.');
      wanted
          .computeIfAbsent(name.substring(0, dot), structure -> new ArrayList<>())
          .add(name.substring(dot + 1));
    }
  }

  /**
   * Returns the places of those members that there are. Of several structures with one name the
   * first definition in the file counts; reading ends where all structures have been met.
   */
  static Map<String, MemberPlace> of(DwarfObject object, Collection<String> members) {
    StructLayouts layouts = new StructLayouts(members);
    for (UnitPlace place : UnitPlace.all(object)) {
      layouts.search(place.unit(object));
      if (layouts.wanted.isEmpty()) {
        break;
      }
    }
    return layouts.found;
  }

  /** Looks at the structures that a unit has outside of all functions, as C's headers do. */
  private void search(Unit unit) {
    if (!unit.root().hasChildren()) {
      return;
    }
    Die die = unit.children();
    while (!die.atEnd() && die.next()) {
      if (isStructure(die.tag()) && die.hasChildren()) {
        die.read();
        String name = Names.string(die, Dw.AT_NAME);
        List<String> paths = name == null ? null : wanted.remove(name);
        if (paths != null) {
          DieReference structure = new DieReference(unit, die.offset());
          for (String path : paths) {
            MemberPlace place = member(structure, path);
            if (place != null) {
              found.put(name + "." + path, place);
            }
          }
        }
        die.skipChildren();
      } else {
        die.skipTree();
      }
    }
  }

  private static boolean isStructure(int tag) {
    return tag == Dw.TAG_STRUCTURE_TYPE || tag == Dw.TAG_UNION_TYPE;
  }

  /** A member while it is being looked for: its type, and its size where it is a bit field. */
  private record Found(@Nullable DieReference type, long offsetBits, long bitFieldBits) {}

  private @Nullable MemberPlace member(DieReference structure, String path) {
    Found at = new Found(structure, 0, 0);
    for (String name : path.split("\\.", -1)) {
      DieReference type = plain(at.type);
      Found next = type == null ? null : named(type, name, 0);
      if (next == null) {
        return null;
      }
      at = new Found(next.type, at.offsetBits + next.offsetBits, next.bitFieldBits);
    }
    return new MemberPlace(
        at.offsetBits, at.bitFieldBits != 0 ? at.bitFieldBits : sizeBytes(at.type, 0) * Byte.SIZE);
  }

  private @Nullable Found named(DieReference structure, String wanted, int depth) {
    Die die = structure.read();
    if (!isStructure(die.tag())
        || !die.hasChildren()
        || depth > MAX_DEPTH
        || ++looks > MOST_LOOKS) {
      return null;
    }
    while (!die.atEnd() && die.next()) {
      if (die.tag() != Dw.TAG_MEMBER) {
        die.skipTree();
        continue;
      }
      die.read();
      String name = Names.string(die, Dw.AT_NAME);
      DieReference type = type(structure.unit(), die);
      long offsetBits = offsetBits(die, type);
      if (wanted.equals(name)) {
        return offsetBits < 0 ? null : new Found(type, offsetBits, die.constant(Dw.AT_BIT_SIZE));
      }
      DieReference inner = name == null ? plain(type) : null;
      Found inside = inner == null ? null : named(inner, wanted, depth + 1);
      if (inside != null) {
        return new Found(inside.type, offsetBits + inside.offsetBits, inside.bitFieldBits);
      }
      die.skipChildren();
    }
    return null;
  }

  /** Returns where a member begins; negative when only an expression could tell. */
  private static long offsetBits(Die member, @Nullable DieReference type) {
    if (member.has(Dw.AT_DATA_BIT_OFFSET)) {
      return member.constant(Dw.AT_DATA_BIT_OFFSET);
    }
    Die.Value location = member.value(Dw.AT_DATA_MEMBER_LOCATION);
    if (location != null && !Forms.isConstant(location.form())) {
      return Long.MIN_VALUE;
    }
    long offset = member.constant(Dw.AT_DATA_MEMBER_LOCATION) * Byte.SIZE;
    if (!member.has(Dw.AT_BIT_OFFSET)) {
      return offset;
    }
    // DWARF 3 §5.6.6 counts the bits of a field from the most significant one of its storage unit.
    long first = member.constant(Dw.AT_BIT_OFFSET);
    if (member.unit().info().bigEndian()) {
      return offset + first;
    }
    long unitBytes =
        member.has(Dw.AT_BYTE_SIZE) ? member.constant(Dw.AT_BYTE_SIZE) : sizeBytes(type, 0);
    return offset + unitBytes * Byte.SIZE - first - member.constant(Dw.AT_BIT_SIZE);
  }

  private static @Nullable DieReference type(Unit unit, Die die) {
    Die.Value type = die.value(Dw.AT_TYPE);
    return type == null ? null : unit.reference(type);
  }

  /** Returns the type behind typedefs, qualifiers and declarations. */
  private static @Nullable DieReference plain(@Nullable DieReference type) {
    DieReference at = type;
    for (int i = 0; at != null && i < MAX_DEPTH; i++) {
      Die die = at.read();
      Die.Value next;
      switch (die.tag()) {
        case Dw.TAG_TYPEDEF,
            Dw.TAG_CONST_TYPE,
            Dw.TAG_VOLATILE_TYPE,
            Dw.TAG_RESTRICT_TYPE,
            Dw.TAG_ATOMIC_TYPE ->
            next = die.value(Dw.AT_TYPE);
        default -> {
          next = die.value(Dw.AT_SIGNATURE);
          if (next == null) {
            return at;
          }
        }
      }
      at = next == null ? null : at.unit().reference(next);
    }
    return null;
  }

  private static long sizeBytes(@Nullable DieReference type, int depth) {
    DieReference plain = plain(type);
    if (plain == null || depth > MAX_DEPTH) {
      return 0;
    }
    Die die = plain.read();
    if (die.tag() != Dw.TAG_ARRAY_TYPE) {
      return Math.clamp(die.constant(Dw.AT_BYTE_SIZE), 0, LARGEST_BYTES);
    }
    long size = sizeBytes(type(plain.unit(), die), depth + 1);
    boolean dimensions = die.hasChildren();
    while (dimensions && !die.atEnd() && die.next()) {
      if (die.tag() == Dw.TAG_SUBRANGE_TYPE) {
        die.read();
        long count =
            die.has(Dw.AT_COUNT)
                ? die.constant(Dw.AT_COUNT)
                : die.has(Dw.AT_UPPER_BOUND) ? die.constant(Dw.AT_UPPER_BOUND) + 1 : 0;
        size = Math.clamp(size * Math.clamp(count, 0, LARGEST_BYTES), 0, LARGEST_BYTES);
        die.skipChildren();
      } else {
        die.skipTree();
      }
    }
    return size;
  }
}
