package dropsite.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rust's mangled names, as the source has them. */
final class RustName {
  /** {@code _ZN}, the path's parts each behind its length, a hash of 16 digits, {@code E}. */
  private static final Pattern LEGACY =
      Pattern.compile("_ZN((?:\\d+[\\w.$]+)+?)17h[0-9a-f]{16}E(?:[.@].*)?");

  private static final Pattern ESCAPE = Pattern.compile("\\$(\\w+)\\$");

  private RustName() {}

  /** Returns the demangled name, or the name itself when it is not a mangled Rust name. */
  static String demangle(String name) {
    if (name.startsWith("_R")) {
      return RustV0.demangle(name).orElse(name);
    }
    Matcher legacy = LEGACY.matcher(name);
    return legacy.matches() ? legacy(legacy.group(1)).orElse(name) : name;
  }

  private static Optional<String> legacy(String parts) {
    StringBuilder path = new StringBuilder();
    int at = 0;
    while (at < parts.length()) {
      int digits = at;
      while (digits < parts.length() && Character.isDigit(parts.charAt(digits))) {
        digits++;
      }
      long length = digits - at > 6 ? Long.MAX_VALUE : CNumber.leading(parts.substring(at, digits));
      if (length == 0 || length > parts.length() - digits) {
        return Optional.empty();
      }
      String part = parts.substring(digits, digits + (int) length);
      path.append(path.isEmpty() ? "" : "::").append(unescape(part));
      at = digits + (int) length;
    }
    return Optional.of(path.toString());
  }

  private static String unescape(String part) {
    String bare = part.startsWith("_$") ? part.substring(1) : part;
    String dotted = bare.replace("..", "::");
    return ESCAPE
        .matcher(dotted)
        .replaceAll(match -> Matcher.quoteReplacement(character(match.group(1), match.group())));
  }

  private static String character(String code, String escape) {
    return switch (code) {
      case "SP" -> "@";
      case "BP" -> "*";
      case "RF" -> "&";
      case "LT" -> "<";
      case "GT" -> ">";
      case "LP" -> "(";
      case "RP" -> ")";
      case "C" -> ",";
      default -> unicode(code).orElse(escape);
    };
  }

  private static Optional<String> unicode(String code) {
    if (!code.matches("u[0-9a-f]{1,6}")) {
      return Optional.empty();
    }
    int point = Integer.parseInt(code, 1, code.length(), 16);
    return Character.isValidCodePoint(point)
        ? Optional.of(Character.toString(point))
        : Optional.empty();
  }
}
