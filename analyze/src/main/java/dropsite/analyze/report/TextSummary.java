package dropsite.analyze.report;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.report.Page.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The first screen of a report: how many drops, of what, where, why, who, since when. */
final class TextSummary {
  /** A terminal has 24 lines, and a prompt stands in the last. */
  private static final int SCREEN_LINES = 22;

  private static final int FEWEST_FOR_CAUSE = 16;

  private final Report report;
  private final Page page;
  private final int numberWidth;
  private final int countWidth;
  private int lines;

  TextSummary(Report report, Page page) {
    this.report = report;
    this.page = page;
    this.numberWidth = String.valueOf(report.findings().size()).length();
    this.countWidth =
        report.findings().stream()
            .mapToInt(finding -> Wording.count(finding.count()).length())
            .max()
            .orElse(1);
  }

  void print() {
    printHead();
    page.blank();
    lines++;
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < report.findings().size(); i++) {
      if (report.findings().get(i).classification().severity() != Severity.BENIGN) {
        numbers.add(i);
      }
    }
    int told = 0;
    while (told < numbers.size()) {
      List<List<Piece>> rows = rows(numbers.get(told));
      boolean last = told + 1 == numbers.size();
      if (lines + rows.size() + (last ? 0 : 1) > SCREEN_LINES && told > 0) {
        break;
      }
      rows.forEach(this::line);
      told++;
    }
    if (told < numbers.size()) {
      long events = 0;
      for (int number : numbers.subList(told, numbers.size())) {
        events += report.findings().get(number).count();
      }
      page.blank();
      line(
          List.of(
              new Piece(
                  Wording.plural(numbers.size() - told, "more finding")
                      + " of "
                      + Wording.plural(events, "event"),
                  Style.STRONG)));
      numbers.subList(told, numbers.size()).forEach(number -> line(firstRow(number)));
    }
  }

  private void line(List<Piece> pieces) {
    page.line(pieces);
    lines++;
  }

  private void printHead() {
    line(List.of(new Piece(Headline.of(report), Style.STRONG)));
    line(List.of(Piece.of(Headline.timeAndBoxes(report))));
    String lost = Headline.lost(report);
    if (!lost.isEmpty()) {
      line(List.of(new Piece(lost, Style.LOSS)));
    }
    report.narrowed().forEach(sentence -> line(List.of(Piece.of("left out: " + sentence))));
    String gaps = Headline.gaps(report);
    if (!gaps.isEmpty()) {
      line(List.of(new Piece(gaps, Style.DOUBT)));
    }
  }

  private List<List<Piece>> rows(int index) {
    Finding finding = report.findings().get(index);
    List<List<Piece>> rows = new ArrayList<>();
    rows.add(firstRow(index));
    if (!finding.attributions().isEmpty()) {
      rows.add(causeRow(finding));
    }
    String circumstances = Headline.circumstances(report, finding);
    if (!circumstances.isEmpty()) {
      rows.add(List.of(Piece.of(indent() + circumstances)));
    }
    return rows;
  }

  private String indent() {
    return " ".repeat(numberWidth + countWidth + 10);
  }

  private List<Piece> firstRow(int index) {
    Finding finding = report.findings().get(index);
    Classification classification = finding.classification();
    List<Piece> row = new ArrayList<>();
    String number = "[" + (index + 1) + "]";
    row.add(Piece.of(String.format(Locale.ROOT, "%-" + (numberWidth + 2) + "s ", number)));
    row.add(
        new Piece(
            String.format(Locale.ROOT, "%" + countWidth + "s", Wording.count(finding.count())),
            Style.STRONG));
    row.add(
        Piece.of(
            String.format(
                Locale.ROOT,
                " %4s  ",
                finding.stacks().isEmpty()
                    ? ""
                    : Wording.share(finding.count(), report.totals().events()))));
    row.add(new Piece(classification.title(), style(classification.severity())));
    DropPlace place = classification.place();
    if (place != null) {
      String position = Wording.position(place, names(finding));
      row.add(Piece.of((position.contains(":") ? " at " : " in ") + position));
    }
    return row;
  }

  private List<Piece> causeRow(Finding finding) {
    List<Attribution> all = finding.attributions();
    Attribution likeliest = all.getFirst();
    String indent = indent();
    String first = indent + (all.size() == 1 ? "by " : "by one of " + all.size() + ": ");
    String standing = Wording.standing(likeliest);
    String rest =
        " ("
            + (standing.isEmpty() ? "" : standing + ", ")
            + Wording.counter(likeliest)
            + ", "
            + likeliest.confidence().word()
            + " confidence)";
    int room = page.width() - Columns.of(first) - Columns.of(rest);
    return List.of(
        Piece.of(first),
        new Piece(
            shortened(Wording.named(likeliest), Math.max(room, FEWEST_FOR_CAUSE)), Style.STRONG),
        Piece.of(rest));
  }

  private static String shortened(String text, int columns) {
    return Columns.of(text) <= columns
        ? text
        : text.substring(0, Columns.end(text, 0, columns - 1)) + "…";
  }

  private SourceNames names(Finding finding) {
    return report.boxes().get(finding.box()).names();
  }

  static Style style(Severity severity) {
    return switch (severity) {
      case DROP -> Style.LOSS;
      case BENIGN -> Style.CALM;
      case UNKNOWN -> Style.DOUBT;
    };
  }
}
