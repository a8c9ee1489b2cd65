package dropsite.analyze.network;

import dropsite.analyze.classify.NextStep;
import dropsite.analyze.classify.ShellWord;
import java.util.Arrays;
import java.util.List;

/** Makes commands of words that may come from the box. */
final class Step {
  private Step() {}

  static NextStep of(String why, String... words) {
    return of(why, Arrays.asList(words));
  }

  static NextStep of(String why, List<String> words) {
    return new NextStep(ShellWord.line(words), why);
  }
}
