package dropsite.analyze.report.html;

import dropsite.analyze.report.Wording;
import java.util.ArrayList;
import java.util.List;

/**
 * How much room long texts of the box have left in a page: each is cut, and the more so the less
 * room is left, so that no box can make a page that no browser opens.
 */
final class Room {
  private static final int ALWAYS_CHARS = 400;

  private long leftChars;

  Room(long chars) {
    this.leftChars = chars;
  }

  /** Returns a text, cut where it is longer than there is room for. */
  String cut(String text, int mostChars) {
    int most = (int) Math.max(ALWAYS_CHARS, Math.min(mostChars, leftChars));
    String kept = text;
    if (text.length() > most) {
      int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
      kept =
          text.substring(0, end)
              + " … ("
              + Wording.plural(text.length() - end, "character")
              + " more)";
    }
    leftChars -= kept.length();
    return kept;
  }

  /** Returns texts, each cut, and not more of them than a number. */
  List<String> cut(List<String> texts, int mostTexts, int mostCharsEach) {
    List<String> kept = new ArrayList<>();
    texts.stream().limit(mostTexts).forEach(text -> kept.add(cut(text, mostCharsEach)));
    if (texts.size() > mostTexts) {
      kept.add("… (" + (texts.size() - mostTexts) + " more)");
    }
    return kept;
  }
}
