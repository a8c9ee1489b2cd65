package dropsite.facts;

import dropsite.symbols.CodeFacts.Naming;

/** How the record of one region is laid out: shared by what writes it and what reads it. */
final class RegionFormat {
  /** Bits of the first byte; the two lowest tell what names the region. */
  private static final int NAMING_MASK = 3;

  static final int HAS_FUNCTION = 1 << 2;
  static final int HAS_CALL_SITES = 1 << 3;
  static final int HAS_POSITIONS = 1 << 4;
  static final int HAS_CALLS = 1 << 5;

  /** Constants fill the rest of the record. */
  static final int HAS_CONSTANTS = 1 << 6;

  /** Stands for no string. */
  static final int NO_STRING = -1;

  /** One name of the table of arguments: name, enumerator, value. */
  static final int ARGUMENT_BYTES = 16;

  /** One entry of the table of enums: name, where its list begins. */
  static final int ENUM_BYTES = 8;

  private RegionFormat() {}

  /** Returns the lowest bits of the first byte. */
  static int code(Naming naming) {
    return switch (naming) {
      case SYMBOL -> 0;
      case FUNCTION -> 1;
      case NOTHING -> 2;
      case INEXPRESSIBLE -> 3;
    };
  }

  /** Returns what the first byte says names the region. */
  static Naming naming(int firstByte) {
    return switch (firstByte & NAMING_MASK) {
      case 0 -> Naming.SYMBOL;
      case 1 -> Naming.FUNCTION;
      case 2 -> Naming.NOTHING;
      default -> Naming.INEXPRESSIBLE;
    };
  }
}
