package dropsite.analyze.network;

import dropsite.analyze.classify.NextStep;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Commands to paste into a shell: words that come from the box are quoted. */
final class Shell {
  private static final String PLAIN = "._:-@%/=,+";

  private Shell() {}

  /** Returns a step whose command is made of words. */
  static NextStep step(String why, String... words) {
    return new NextStep(line(Arrays.asList(words)), why);
  }

  static NextStep step(String why, List<String> words) {
    return new NextStep(line(words), why);
  }

  private static String line(List<String> words) {
    return words.stream().map(Shell::quoted).collect(Collectors.joining(" "));
  }

  static String quoted(String word) {
    boolean plain =
        word.chars()
            .allMatch(c -> (c < 128 && Character.isLetterOrDigit(c)) || PLAIN.indexOf(c) >= 0);
    return plain && !word.isEmpty() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
