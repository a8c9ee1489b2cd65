package dropsite.analyze.report;

import dropsite.text.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lines of bounded width for a terminal. Everything that is put here is made fit for one, so that
 * no text from a box has to be looked after elsewhere.
 */
public final class TextPage {
  /** A rule may be 64 KB long; nobody reads more than its beginning. */
  private static final int MOST_CHARACTERS = 600;

  /** What is cut cannot be run, so only what nobody would type is. */
  private static final int MOST_OF_COMMAND = 4000;

  private static final int NARROWEST = 40;
  private static final int WIDEST = 120;
  private static final String CUT = "…";

  private final Consumer<String> out;
  private final int width;
  private final boolean colour;
  private int lines;

  /**
   * @param out takes the lines
   * @param width most columns of a line, as far as people can read lines of so many
   * @param colour whether the lines are for a terminal that shows colours
   */
  public TextPage(Consumer<String> out, int width, boolean colour) {
    this.out = out;
    this.width = Math.clamp(width, NARROWEST, WIDEST);
    this.colour = colour;
  }

  /** Some text in one style, as it came. */
  record Piece(String text, Style style) {
    static Piece of(String text) {
      return new Piece(text, Style.PLAIN);
    }

    private String shown() {
      return SafeText.of(Wording.cut(text, MOST_CHARACTERS));
    }
  }

  int width() {
    return width;
  }

  /** Returns how many lines were put. */
  int lines() {
    return lines;
  }

  /** Puts an empty line. */
  public void blank() {
    out.accept("");
    lines++;
  }

  /** Puts one line; what is too long for it is cut off. */
  void line(List<Piece> pieces) {
    Line line = new Line();
    int left = width;
    for (Piece piece : pieces) {
      String text = piece.shown();
      if (Columns.of(text) <= left) {
        line.add(text, piece.style);
        left -= Columns.of(text);
      } else {
        if (left > 0) {
          line.add(text.substring(0, Columns.end(text, 0, left - 1)) + CUT, piece.style);
        }
        break;
      }
    }
    line.end();
  }

  /**
   * Puts text in as many lines as it takes, each but the first indented.
   *
   * @param head blanks that the first line begins with
   * @param indent columns that further lines begin with
   */
  public void paragraph(String head, int indent, String text) {
    paragraph(Piece.of(head), indent, Piece.of(text));
  }

  /**
   * Puts text in as many lines as it takes, broken at blanks, and inside words that fit no line.
   *
   * @param head of the first line, with the blanks behind it
   * @param indent columns that further lines begin with
   */
  void paragraph(Piece head, int indent, Piece... pieces) {
    paragraph(head, " ".repeat(indent), pieces);
  }

  /**
   * Puts text likewise.
   *
   * @param indent what further lines begin with, in the style of the head
   */
  void paragraph(Piece head, String indent, Piece... pieces) {
    Line line = new Line();
    line.add(head.shown(), head.style);
    boolean begun = false;
    for (Piece piece : pieces) {
      for (String word : piece.shown().splitWithDelimiters(" ", 0)) {
        if (begun && !word.isBlank() && line.columns + Columns.of(word) > width) {
          line = next(line, new Piece(indent, head.style));
        }
        String rest = word;
        while (line.columns + Columns.of(rest) > width && !rest.isBlank()) {
          int end = Columns.end(rest, 0, width - line.columns);
          line.add(rest.substring(0, end), piece.style);
          rest = rest.substring(end);
          line = next(line, new Piece(indent, head.style));
        }
        line.add(rest, piece.style);
        begun = true;
      }
    }
    line.end();
  }

  private Line next(Line line, Piece indent) {
    line.end();
    Line next = new Line();
    next.add(indent.text, indent.style);
    return next;
  }

  /** Puts a command on one line, however long, so that it can be copied. */
  void command(int indent, String command) {
    Line line = new Line();
    line.add(" ".repeat(indent), Style.PLAIN);
    line.add(SafeText.of(Wording.cut(command, MOST_OF_COMMAND)), Style.COMMAND);
    line.end();
  }

  /** A line in the making. */
  private final class Line {
    private final List<Piece> pieces = new ArrayList<>();
    private int columns;

    void add(String text, Style style) {
      if (text.isEmpty()) {
        return;
      }
      if (!pieces.isEmpty() && pieces.getLast().style == style) {
        pieces.set(pieces.size() - 1, new Piece(pieces.getLast().text + text, style));
      } else {
        pieces.add(new Piece(text, style));
      }
      columns += Columns.of(text);
    }

    void end() {
      while (!pieces.isEmpty()) {
        Piece last = pieces.removeLast();
        String text = last.text.stripTrailing();
        if (!text.isEmpty()) {
          pieces.add(new Piece(text, last.style));
          break;
        }
      }
      StringBuilder line = new StringBuilder();
      for (Piece piece : pieces) {
        line.append(colour ? piece.style.on(piece.text) : piece.text);
      }
      out.accept(line.toString());
      lines++;
    }
  }
}
