package dropsite.analyze.report;

import dropsite.text.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text from a box as Markdown that is nothing but text: no markup, no HTML, no link, and none of
 * what GitHub, GitLab and Jira make of {@code @name}, {@code #1}, {@code GH-1} or an address.
 *
 * <p>Some of these are looked for after Markdown has been read, so that a backslash before them
 * does not help; inside of code they are left alone. So all words that are not plainly words become
 * code, which also is how paths, addresses and names of functions are best told from prose.
 */
final class MarkdownText {
  private static final int MOST_CHARACTERS = 600;
  private static final int LONGEST_WORD = 40;

  /** A word of prose or a number: no dots between letters, no digits behind hyphens. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]+(?:[-'][A-Za-z]+|[.,][0-9]+)*");

  /** Names a commit, where it is one. */
  private static final Pattern COMMIT = Pattern.compile("[0-9a-fA-F]{7,}");

  private static final Pattern AROUND = Pattern.compile("([(\"]*)(.*?)([)\".,;:?]*)");

  private static final Pattern WHOLE = Pattern.compile("()(.*)()");

  private static final Pattern NUMBERED = Pattern.compile("[0-9]+[.)]");

  private MarkdownText() {}

  /** Returns a text whose words are prose where that is safe, else code. */
  static String of(String text) {
    StringBuilder result = new StringBuilder();
    StringBuilder code = new StringBuilder();
    for (String word : shown(text).split(" ", -1)) {
      // Where a sentence begins, a list might.
      boolean numbered = result.isEmpty() && code.isEmpty() && NUMBERED.matcher(word).matches();
      Matcher around = (numbered ? WHOLE : AROUND).matcher(word);
      String core = around.matches() ? around.group(2) : word;
      String before = around.matches() ? around.group(1) : "";
      String after = around.matches() ? around.group(3) : "";
      boolean prose = !numbered && (core.isEmpty() || isProse(core));
      boolean joins = !code.isEmpty() && !prose && before.isEmpty();
      if (!joins) {
        flush(code, result);
        result.append(result.isEmpty() ? "" : " ").append(before);
      }
      if (prose) {
        result.append(core);
      } else {
        code.append(joins ? " " : "").append(core);
      }
      if (!after.isEmpty()) {
        flush(code, result);
        result.append(after);
      }
    }
    flush(code, result);
    return result.toString();
  }

  private static boolean isProse(String word) {
    return word.length() <= LONGEST_WORD
        && WORD.matcher(word).matches()
        && !COMMIT.matcher(word).matches();
  }

  private static void flush(StringBuilder code, StringBuilder result) {
    if (!code.isEmpty()) {
      result.append(code(code.toString()));
      code.setLength(0);
    }
  }

  /** Returns a text as one span of code; nothing for an empty one. */
  static String code(String text) {
    String shown = shown(text);
    if (shown.isBlank()) {
      return "";
    }
    String marks = "`".repeat(longestRun(shown) + 1);
    String room = marks.length() > 1 || shown.startsWith(" ") ? " " : "";
    return marks + room + shown + room + marks;
  }

  /** Returns Markdown of one line made fit for a cell of a table (GFM 4.10). */
  static String cell(String markdown) {
    return markdown.replace("|", "\\|");
  }

  /**
   * Returns lines as a block of code that none of them can end.
   *
   * @param language that it is in
   */
  static List<String> block(String language, List<String> lines) {
    List<String> shown = lines.stream().map(SafeText::of).toList();
    int longest = shown.stream().mapToInt(MarkdownText::longestRun).max().orElse(0);
    String fence = "`".repeat(Math.max(longest + 1, 3));
    List<String> block = new ArrayList<>();
    block.add(fence + language);
    block.addAll(shown);
    block.add(fence);
    return block;
  }

  private static String shown(String text) {
    return SafeText.of(Wording.cut(text, MOST_CHARACTERS));
  }

  private static int longestRun(String text) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }
}
