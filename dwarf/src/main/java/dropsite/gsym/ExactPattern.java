package dropsite.gsym;

import org.jspecify.annotations.Nullable;

/**
 * Regular expressions (POSIX, extended: {@code llvm/Support/Regex.h}) that match one name and no
 * other: the name between anchors.
 */
final class ExactPattern {
  private static final String SPECIAL = "()^$|*+?.[]\\{}";

  private ExactPattern() {}

  /** Returns the expression that matches a name. */
  static String of(String name) {
    StringBuilder pattern = new StringBuilder(name.length() + 2).append('^');
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      if (special(letter)) {
        pattern.append('\\');
      }
      pattern.append(letter);
    }
    return pattern.append('$').toString();
  }

  /** Returns the name that an expression matches; null when it may match others or none. */
  static @Nullable String name(String pattern) {
    int end = pattern.length() - 1;
    if (end < 2 || pattern.charAt(0) != '^' || pattern.charAt(end) != '$') {
      return null;
    }
    StringBuilder name = new StringBuilder(end);
    for (int i = 1; i < end; i++) {
      boolean escaped = pattern.charAt(i) == '\\';
      i += escaped ? 1 : 0;
      // An escaped letter or digit has a meaning of its own; at the end it is the anchor that is.
      if (i == end || escaped != special(pattern.charAt(i))) {
        return null;
      }
      name.append(pattern.charAt(i));
    }
    return name.toString();
  }

  private static boolean special(char letter) {
    return SPECIAL.indexOf(letter) >= 0;
  }
}
