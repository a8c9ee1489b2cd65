package dropsite.cli;

import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rust's symbol names of version 0, which the kernel's Rust code uses (rustc book, "v0 Symbol
 * Format").
 *
 * <p>Names are hostile: depth and length are bounded, and whatever breaks the grammar, or uses the
 * few parts not known here (Punycode, structural constants), is left mangled.
 */
final class RustV0 {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_BASE_62_DIGITS = 11;
  private static final int MAX_LENGTH = 1 << 14;

  /** Back references could otherwise repeat without end what prints nothing. */
  private static final int MAX_STEPS = 100_000;

  private final String mangled;
  private final StringBuilder out = new StringBuilder();
  private int position;
  private int depth;
  private int steps;
  private int silent;
  private long boundLifetimes;

  private RustV0(String mangled) {
    this.mangled = mangled;
  }

  /** Returns the path that a name starting with {@code _R} stands for. */
  static Optional<String> demangle(String name) {
    int suffix = name.indexOf('.');
    RustV0 parser = new RustV0(name.substring(2, suffix < 0 ? name.length() : suffix));
    try {
      parser.path(true);
      if (parser.position < parser.mangled.length()) {
        parser.quietly(() -> parser.path(false));
      }
      return parser.position == parser.mangled.length()
          ? Optional.of(parser.out.toString())
          : Optional.empty();
    } catch (NotMangled _) {
      return Optional.empty();
    }
  }

  private void path(boolean value) {
    enter();
    char tag = next();
    switch (tag) {
      case 'C' -> {
        disambiguator();
        print(bareIdentifier());
      }
      case 'N' -> nested(value);
      case 'M', 'X', 'Y' -> implementation(tag);
      case 'I' -> {
        path(value);
        print(value ? "::<" : "<");
        list(", ", this::genericArgument);
        print(">");
      }
      case 'B' -> back(() -> path(value));
      default -> throw new NotMangled();
    }
    depth--;
  }

  private void nested(boolean value) {
    char namespace = next();
    path(value);
    long disambiguator = disambiguator();
    String name = bareIdentifier();
    if (Character.isUpperCase(namespace)) {
      String kind =
          switch (namespace) {
            case 'C' -> "closure";
            case 'S' -> "shim";
            default -> String.valueOf(namespace);
          };
      print("::{" + kind + (name.isEmpty() ? "" : ":" + name) + "#" + disambiguator + "}");
    } else if (Character.isLowerCase(namespace)) {
      print(name.isEmpty() ? "" : "::" + name);
    } else {
      throw new NotMangled();
    }
  }

  private void implementation(char tag) {
    if (tag != 'Y') {
      quietly(() -> {
        disambiguator();
        path(false);
      });
    }
    print("<");
    type();
    if (tag != 'M') {
      print(" as ");
      path(false);
    }
    print(">");
  }

  private void genericArgument() {
    if (taken('L')) {
      lifetime(base62());
    } else if (taken('K')) {
      constant();
    } else {
      type();
    }
  }

  private void type() {
    enter();
    char tag = next();
    String basic = basicType(tag);
    if (basic != null) {
      print(basic);
    } else {
      compoundType(tag);
    }
    depth--;
  }

  private void compoundType(char tag) {
    switch (tag) {
      case 'A' -> {
        print("[");
        type();
        print("; ");
        constant();
        print("]");
      }
      case 'S' -> {
        print("[");
        type();
        print("]");
      }
      case 'T' -> {
        print("(");
        int count = list(", ", this::type);
        print(count == 1 ? ",)" : ")");
      }
      case 'R', 'Q' -> reference(tag == 'Q');
      case 'P', 'O' -> {
        print(tag == 'P' ? "*const " : "*mut ");
        type();
      }
      case 'F' -> bound(this::functionType);
      case 'D' -> {
        print("dyn ");
        bound(() -> list(" + ", this::dynTrait));
        objectLifetime();
      }
      case 'B' -> back(this::type);
      default -> {
        position--;
        path(false);
      }
    }
  }

  private void reference(boolean mutable) {
    print("&");
    if (taken('L')) {
      long index = base62();
      if (index != 0) {
        lifetime(index);
        print(" ");
      }
    }
    print(mutable ? "mut " : "");
    type();
  }

  private void functionType() {
    print(taken('U') ? "unsafe " : "");
    if (taken('K')) {
      String abi = taken('C') ? "C" : bareIdentifier().replace('_', '-');
      print("extern \"" + abi + "\" ");
    }
    print("fn(");
    list(", ", this::type);
    print(")");
    if (!taken('u')) {
      print(" -> ");
      type();
    }
  }

  private void objectLifetime() {
    if (!taken('L')) {
      throw new NotMangled();
    }
    long index = base62();
    if (index != 0) {
      print(" + ");
      lifetime(index);
    }
  }

  /** A trait of an object; its associated types join the generic arguments in one bracket. */
  private void dynTrait() {
    boolean open = traitPath();
    while (taken('p')) {
      print(open ? ", " : "<");
      open = true;
      print(bareIdentifier() + " = ");
      type();
    }
    print(open ? ">" : "");
  }

  /** Returns whether a bracket of generic arguments was left open. */
  private boolean traitPath() {
    if (taken('B')) {
      boolean[] open = new boolean[1];
      back(() -> open[0] = traitPath());
      return open[0];
    }
    if (taken('I')) {
      path(false);
      print("<");
      list(", ", this::genericArgument);
      return true;
    }
    path(false);
    return false;
  }

  private void constant() {
    enter();
    char tag = next();
    switch (tag) {
      case 'p' -> print("_");
      case 'B' -> back(this::constant);
      case 'a', 's', 'l', 'x', 'n', 'i' -> {
        print(taken('n') ? "-" : "");
        print(hexadecimal().toString());
      }
      case 'h', 't', 'm', 'y', 'o', 'j' -> print(hexadecimal().toString());
      case 'b' -> print(hexadecimal().signum() == 0 ? "false" : "true");
      case 'c' -> print("'" + Character.toString(codePoint()) + "'");
      default -> throw new NotMangled();
    }
    depth--;
  }

  private int codePoint() {
    BigInteger value = hexadecimal();
    if (value.bitLength() > 21 || !Character.isValidCodePoint(value.intValue())) {
      throw new NotMangled();
    }
    return value.intValue();
  }

  private BigInteger hexadecimal() {
    int end = mangled.indexOf('_', position);
    if (end < 0 || end - position > 32) {
      throw new NotMangled();
    }
    String digits = mangled.substring(position, end);
    if (!digits.matches("[0-9a-f]*")) {
      throw new NotMangled();
    }
    position = end + 1;
    return digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits, 16);
  }

  private void bound(Runnable body) {
    long before = boundLifetimes;
    if (taken('G')) {
      long count = base62() + 1;
      if (count < 1 || count > 26) {
        throw new NotMangled();
      }
      print("for<");
      for (int i = 0; i < count; i++) {
        boundLifetimes++;
        print(i == 0 ? "" : ", ");
        lifetime(1);
      }
      print("> ");
    }
    body.run();
    boundLifetimes = before;
  }

  /** Prints the lifetime bound {@code index} binders ago, counted from 1; 0 is an erased one. */
  private void lifetime(long index) {
    long name = boundLifetimes - index;
    if (index == 0) {
      print("'_");
    } else if (index < 0 || name < 0) {
      throw new NotMangled();
    } else {
      print(name < 26 ? "'" + (char) ('a' + name) : "'_" + name);
    }
  }

  private long disambiguator() {
    return taken('s') ? base62() + 1 : 0;
  }

  private String bareIdentifier() {
    if (taken('u')) {
      throw new NotMangled();
    }
    int start = position;
    while (position < mangled.length() && Character.isDigit(mangled.charAt(position))) {
      position++;
      // No number starts with a 0, so the next digit belongs to the next number.
      if (mangled.charAt(start) == '0') {
        break;
      }
    }
    if (position == start || position - start > 5) {
      throw new NotMangled();
    }
    int length = Integer.parseInt(mangled, start, position, 10);
    taken('_');
    if (length > mangled.length() - position) {
      throw new NotMangled();
    }
    position += length;
    return mangled.substring(position - length, position);
  }

  /** Returns a number of up to 64 bits, unsigned: hashes of crates need them all. */
  private long base62() {
    if (taken('_')) {
      return 0;
    }
    long value = 0;
    int start = position;
    while (!taken('_')) {
      int digit = base62Digit(next());
      if (digit < 0 || position - start > MAX_BASE_62_DIGITS) {
        throw new NotMangled();
      }
      value = value * 62 + digit;
    }
    return value + 1;
  }

  private static int base62Digit(char digit) {
    if (digit >= '0' && digit <= '9') {
      return digit - '0';
    }
    if (digit >= 'a' && digit <= 'z') {
      return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'Z' ? digit - 'A' + 36 : -1;
  }

  /** Reads again what stands at an earlier position. */
  private void back(Runnable body) {
    int tag = position - 1;
    long target = base62();
    if (target < 0 || target >= tag) {
      throw new NotMangled();
    }
    if (silent > 0) {
      return;
    }
    int after = position;
    position = (int) target;
    body.run();
    position = after;
  }

  private int list(String separator, Runnable element) {
    int count = 0;
    while (!taken('E')) {
      print(count++ == 0 ? "" : separator);
      element.run();
    }
    return count;
  }

  private void quietly(Runnable body) {
    silent++;
    body.run();
    silent--;
  }

  private void print(String text) {
    if (silent == 0) {
      out.append(text);
      if (out.length() > MAX_LENGTH) {
        throw new NotMangled();
      }
    }
  }

  private void enter() {
    if (++depth > MAX_DEPTH || ++steps > MAX_STEPS) {
      throw new NotMangled();
    }
  }

  private char next() {
    if (position >= mangled.length()) {
      throw new NotMangled();
    }
    return mangled.charAt(position++);
  }

  private boolean taken(char wanted) {
    if (position < mangled.length() && mangled.charAt(position) == wanted) {
      position++;
      return true;
    }
    return false;
  }

  private static @Nullable String basicType(char tag) {
    return switch (tag) {
      case 'a' -> "i8";
      case 'b' -> "bool";
      case 'c' -> "char";
      case 'd' -> "f64";
      case 'e' -> "str";
      case 'f' -> "f32";
      case 'h' -> "u8";
      case 'i' -> "isize";
      case 'j' -> "usize";
      case 'l' -> "i32";
      case 'm' -> "u32";
      case 'n' -> "i128";
      case 'o' -> "u128";
      case 's' -> "i16";
      case 't' -> "u16";
      case 'u' -> "()";
      case 'v' -> "...";
      case 'x' -> "i64";
      case 'y' -> "u64";
      case 'z' -> "!";
      case 'p' -> "_";
      default -> null;
    };
  }

  /** The name is not of this format. */
  private static final class NotMangled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotMangled() {
      super(null, null, false, false);
    }
  }
}
