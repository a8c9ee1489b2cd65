package dropsite.symbols;

import java.util.Set;

/** The function name that a compiler-made symbol name stands for. */
public final class CanonicalName {
  private static final Set<String> SUFFIXES =
      Set.of("cold", "isra", "constprop", "part", "llvm", "lto_priv", "localalias", "warm", "hot");
  private static final String PADDING_PREFIX = "__pfx_";

  private CanonicalName() {}

  /**
   * Returns the name without {@code __pfx_} and without suffixes such as {@code .isra.0}, {@code
   * .constprop.3}, {@code .part.1}, {@code .cold} and {@code .llvm.123}; unchanged when it has
   * none.
   */
  public static String of(String symbol) {
    String name =
        symbol.startsWith(PADDING_PREFIX) ? symbol.substring(PADDING_PREFIX.length()) : symbol;
    for (int dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
      int end = name.indexOf('.', dot + 1);
      if (SUFFIXES.contains(name.substring(dot + 1, end < 0 ? name.length() : end))) {
        return name.substring(0, dot);
      }
    }
    return name;
  }
}
