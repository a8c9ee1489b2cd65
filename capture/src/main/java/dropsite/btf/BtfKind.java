package dropsite.btf;

import org.jspecify.annotations.Nullable;

/** Kinds of types, numbered and laid out as in include/uapi/linux/btf.h. */
public enum BtfKind {
  /** Integer. */
  INT(1, 4, 0),
  /** Pointer. */
  PTR(2, 0, 0),
  /** Array. */
  ARRAY(3, 12, 0),
  /** Structure. */
  STRUCT(4, 0, 12),
  /** Union. */
  UNION(5, 0, 12),
  /** Enumeration with values of 32 bits. */
  ENUM(6, 0, 8),
  /** Forward declaration of a structure or union. */
  FWD(7, 0, 0),
  /** Typedef. */
  TYPEDEF(8, 0, 0),
  /** Qualifier volatile. */
  VOLATILE(9, 0, 0),
  /** Qualifier const. */
  CONST(10, 0, 0),
  /** Qualifier restrict. */
  RESTRICT(11, 0, 0),
  /** Function. */
  FUNC(12, 0, 0),
  /** Parameters and result of a function. */
  FUNC_PROTO(13, 0, 8),
  /** Variable. */
  VAR(14, 4, 0),
  /** Section of variables. */
  DATASEC(15, 0, 12),
  /** Floating-point number. */
  FLOAT(16, 0, 0),
  /** Tag of a declaration. */
  DECL_TAG(17, 4, 0),
  /** Tag of a type. */
  TYPE_TAG(18, 0, 0),
  /** Enumeration with values of 64 bits. */
  ENUM64(19, 0, 12);

  private static final @Nullable BtfKind[] BY_CODE = byCode();

  private final int code;

  /** Bytes that follow the three words of every type. */
  final int trailerBytes;

  /** Bytes that follow for each of the members that a type claims. */
  final int memberBytes;

  BtfKind(int code, int trailerBytes, int memberBytes) {
    this.code = code;
    this.trailerBytes = trailerBytes;
    this.memberBytes = memberBytes;
  }

  /** Returns the kind that BTF means by a number, null if none. */
  static @Nullable BtfKind of(int code) {
    return BY_CODE[code];
  }

  private static @Nullable BtfKind[] byCode() {
    @Nullable BtfKind[] kinds = new BtfKind[32];
    for (BtfKind kind : values()) {
      kinds[kind.code] = kind;
    }
    return kinds;
  }
}
