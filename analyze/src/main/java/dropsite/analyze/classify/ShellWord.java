package dropsite.analyze.classify;

import java.util.Collection;
import java.util.stream.Collectors;

/** Words of a command that a person pastes into a shell: many come from the box. */
public final class ShellWord {
  /** What no shell takes for more than a letter. */
  private static final String PLAIN = "._:-@%/=,+";

  private ShellWord() {}

  /** Returns a word, in quotes where a shell would not take it as it stands. */
  public static String of(String word) {
    boolean plain =
        word.chars()
            .allMatch(c -> (c < 128 && Character.isLetterOrDigit(c)) || PLAIN.indexOf(c) >= 0);
    // zsh takes =ls for the path of ls.
    return plain && !word.isEmpty() && word.charAt(0) != '=' ? word : quoted(word);
  }

  /** Returns a command of such words. */
  public static String line(Collection<String> words) {
    return words.stream().map(ShellWord::of).collect(Collectors.joining(" "));
  }

  /** A shell reads nothing within single quotes but their end (POSIX XCU 2.2.2). */
  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
