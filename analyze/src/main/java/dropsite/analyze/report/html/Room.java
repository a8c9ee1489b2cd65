package dropsite.analyze.report.html;

import dropsite.analyze.report.Wording;
import java.util.ArrayList;
import java.util.List;

/**
 * How much room texts of the box have left in a page: each is cut, and the more so the less room is
 * left, so that no box can make a page that no browser opens.
 */
final class Room {
  private static final int FEW = 2;

  private final int alwaysChars;
  private long left;

  /**
   * @param bytes of the page
   * @param alwaysChars that a text may have even when no room is left
   */
  Room(long bytes, int alwaysChars) {
    this.left = bytes;
    this.alwaysChars = alwaysChars;
  }

  /** Returns how many of some things there is room for: all that are wanted, or a few. */
  int most(int wanted) {
    return left > 0 ? wanted : Math.min(FEW, wanted);
  }

  /** Returns a text, cut where it is longer than there is room for. */
  String cut(String text, int mostChars) {
    int most = (int) Math.max(Math.min(alwaysChars, mostChars), Math.min(mostChars, left));
    String kept = text;
    if (text.length() > most) {
      int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
      kept = text.substring(0, end) + "… (" + Wording.count((long) text.length() - end) + " more)";
    }
    left -= bytes(kept);
    return kept;
  }

  /** Returns how much of a page a text takes: markup and what is unsafe take several characters. */
  private static long bytes(String text) {
    long bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c == '<' || c == '>' || c == '&' || c == '"' || c < ' ' || c > '~' ? 4 : 0;
    }
    return bytes;
  }

  /** Returns texts, each cut, and not more of them than a number. */
  List<String> cut(List<String> texts, int mostTexts, int mostCharsEach) {
    List<String> kept = new ArrayList<>();
    for (String text : texts) {
      if (kept.size() >= most(mostTexts)) {
        kept.add("… (" + (texts.size() - kept.size()) + " more)");
        break;
      }
      kept.add(cut(text, mostCharsEach));
    }
    return kept;
  }
}
