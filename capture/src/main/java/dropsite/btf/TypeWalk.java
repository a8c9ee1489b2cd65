package dropsite.btf;

import org.jspecify.annotations.Nullable;

/**
 * Follows references from type to type, no more than a file without circles can need: one walk
 * answers one question.
 */
final class TypeWalk {
  /** References that one question may follow: typedefs of typedefs, and levels of members. */
  private static final int MAX_STEPS = 1 << 16;

  /** Characters of stars and brackets: longer is damage. */
  private static final int MAX_DECLARATOR = 64;

  private final BtfTypes types;
  private int steps;

  TypeWalk(BtfTypes types) {
    this.types = types;
  }

  /** Counts a step, and refuses to go on for ever. */
  void step(int id) {
    if (++steps > MAX_STEPS) {
      throw types.malformed(id, "types refer to each other in circles");
    }
  }

  /** Returns the type behind typedefs and qualifiers. */
  int plain(int id) {
    int at = id;
    for (@Nullable BtfKind kind = types.kind(at); kind != null; kind = types.kind(at)) {
      switch (kind) {
        case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG, VAR -> at = types.sizeOrType(at);
        default -> {
          return at;
        }
      }
      step(id);
    }
    return at;
  }

  /** Returns the size in bytes of what a member's type describes. */
  long sizeBytes(int id) {
    int at = plain(id);
    long count = 1;
    while (types.kind(at) == BtfKind.ARRAY) {
      step(id);
      count = product(id, count, elements(at));
      at = plain(types.trailer(at, 0));
    }
    BtfKind kind = types.kind(at);
    if (kind == null) {
      return 0;
    }
    return switch (kind) {
      case INT, STRUCT, UNION, ENUM, ENUM64, FLOAT ->
          product(id, count, Integer.toUnsignedLong(types.sizeOrType(at)));
      // Kernels of 32 bits are not among those that BTF is asked about.
      case PTR -> product(id, count, Long.BYTES);
      default -> 0;
    };
  }

  private long product(int id, long count, long size) {
    long product = count * size;
    if (count > 1L << 31 || product > 1L << 31) {
      throw types.malformed(id, "larger than the memory of structures can be");
    }
    return product;
  }

  /** Returns how many elements an array has. */
  long elements(int array) {
    return Integer.toUnsignedLong(types.trailer(array, 2));
  }

  /** Returns a type as C spells it, qualifiers left out. */
  String spelling(int id) {
    StringBuilder declarator = new StringBuilder();
    int at = id;
    for (@Nullable BtfKind kind = types.kind(at); kind != null; kind = types.kind(at)) {
      switch (kind) {
        case VOLATILE, CONST, RESTRICT, TYPE_TAG -> at = types.sizeOrType(at);
        case PTR -> {
          declarator.append('*');
          at = types.sizeOrType(at);
        }
        case ARRAY -> {
          declarator.append('[').append(elements(at)).append(']');
          at = types.trailer(at, 0);
        }
        default -> {
          return named(kind, at) + spaced(declarator);
        }
      }
      step(id);
      if (declarator.length() > MAX_DECLARATOR) {
        return "?";
      }
    }
    return "void" + spaced(declarator);
  }

  private static String spaced(StringBuilder declarator) {
    return declarator.isEmpty() ? "" : " " + declarator;
  }

  private String named(BtfKind kind, int id) {
    String name = types.name(types.nameOffset(id));
    return switch (kind) {
      case STRUCT -> "struct " + name;
      case UNION -> "union " + name;
      case FWD -> (types.flag(id) ? "union " : "struct ") + name;
      case ENUM, ENUM64 -> "enum " + name;
      case FUNC_PROTO -> "function";
      default -> name;
    };
  }
}
