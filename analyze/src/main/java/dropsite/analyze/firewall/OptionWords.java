package dropsite.analyze.firewall;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words of a rule as xtables' savers print it: quoting undone, read from left to right. */
final class OptionWords {
  private final List<String> words = new ArrayList<>();
  private int next;

  /** Takes a line: words in double quotes may hold blanks, and a backslash keeps what follows. */
  OptionWords(String line) {
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean any = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
        any = true;
      } else if (c == '"') {
        quoted = !quoted;
        any = true;
      } else if (!quoted && (c == ' ' || c == '\t')) {
        if (any) {
          words.add(word.toString());
          word.setLength(0);
          any = false;
        }
      } else {
        word.append(c);
        any = true;
      }
    }
    if (any) {
      words.add(word.toString());
    }
  }

  boolean hasNext() {
    return next < words.size();
  }

  /** Returns the next word; empty at the end. */
  String take() {
    return hasNext() ? words.get(next++) : "";
  }

  /** Returns the next word and leaves it there; null at the end. */
  @Nullable String peek() {
    return hasNext() ? words.get(next) : null;
  }

  /** Returns whether the next word is one, and if so takes it. */
  boolean take(String word) {
    boolean is = word.equals(peek());
    if (is) {
      next++;
    }
    return is;
  }

  /** Takes the words up to the next option. */
  List<String> takeArguments() {
    List<String> arguments = new ArrayList<>();
    while (hasNext() && !atOption()) {
      arguments.add(take());
    }
    return arguments;
  }

  /** Returns whether an option is next, or the negation of one. */
  boolean atOption() {
    String word = peek();
    return word != null
        && (isOption(word)
            || (word.equals("!") && next + 1 < words.size() && isOption(words.get(next + 1))));
  }

  private static boolean isOption(String word) {
    return word.length() > 1 && word.charAt(0) == '-' && !Character.isDigit(word.charAt(1));
  }
}
