package dropsite.analyze.report;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.report.TextPage.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The first screen of a report: how many drops, of what, where, why, who, since when. */
final class TextSummary {
  /** A terminal has 24 lines, and a prompt stands in the last. */
  private static final int SCREEN_LINES = 22;

  private static final int FEWEST_FOR_CAUSE = 16;

  private final Report report;
  private final TextPage page;
  private final int numberWidth;
  private final int countWidth;

  TextSummary(Report report, TextPage page) {
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
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < report.findings().size(); i++) {
      if (report.findings().get(i).classification().severity() != Severity.BENIGN) {
        numbers.add(i);
      }
    }
    if (!numbers.isEmpty()) {
      page.blank();
    }
    int told = 0;
    while (told < numbers.size()) {
      List<List<Piece>> rows = rows(numbers.get(told));
      boolean last = told + 1 == numbers.size();
      if (page.lines() + rows.size() + (last ? 0 : 1) > SCREEN_LINES && told > 0) {
        break;
      }
      rows.forEach(page::line);
      told++;
    }
    if (told < numbers.size()) {
      long events = 0;
      for (int number : numbers.subList(told, numbers.size())) {
        events += report.findings().get(number).count();
      }
      page.blank();
      page.line(
          List.of(
              new Piece(
                  Wording.plural(numbers.size() - told, "more finding")
                      + " of "
                      + Wording.plural(events, "event"),
                  Style.STRONG)));
      numbers.subList(told, numbers.size()).forEach(this::printBriefly);
    }
  }

  private void printBriefly(int index) {
    List<Piece> row = titleRow(index);
    Finding finding = report.findings().get(index);
    row.add(
        Piece.of(
            finding.attributions().isEmpty()
                ? place(finding)
                : ": " + Wording.named(finding.attributions().getFirst())));
    page.line(row);
  }

  private void printHead() {
    put(Headline.of(report), Style.STRONG);
    put(Headline.time(report) + " on " + String.join(", ", Headline.boxes(report)), Style.PLAIN);
    Headline.lost(report).forEach(sentence -> put(sentence, Style.LOSS));
    report.narrowed().forEach(sentence -> put(sentence, Style.PLAIN));
    put(Headline.gaps(report), Style.DOUBT);
  }

  private void put(String sentence, Style style) {
    if (!sentence.isEmpty()) {
      page.paragraph(Piece.of(""), 2, new Piece(sentence, style));
    }
  }

  private List<List<Piece>> rows(int index) {
    Finding finding = report.findings().get(index);
    List<List<Piece>> rows = new ArrayList<>();
    List<Piece> first = titleRow(index);
    String place = place(finding);
    String circumstances = Headline.circumstances(report, finding);
    if (columns(first) + Columns.of(place) <= page.width()) {
      first.add(Piece.of(place));
    } else {
      circumstances = place.strip() + (circumstances.isEmpty() ? "" : "; " + circumstances);
    }
    rows.add(first);
    List<String> causes = finding.classification().causes();
    if (!finding.attributions().isEmpty()) {
      rows.add(causeRow(finding));
    } else if (!causes.isEmpty()) {
      rows.add(List.of(Piece.of(indent() + "perhaps: " + causes.getFirst())));
    }
    if (!circumstances.isEmpty()) {
      rows.add(List.of(Piece.of(indent() + circumstances)));
    }
    return rows;
  }

  private static int columns(List<Piece> row) {
    return row.stream().mapToInt(piece -> Columns.of(piece.text())).sum();
  }

  private String indent() {
    int column = numberWidth + countWidth + 10;
    return " ".repeat(Math.min(column, page.width() / 5));
  }

  private List<Piece> titleRow(int index) {
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
    return row;
  }

  private String place(Finding finding) {
    DropPlace place = finding.classification().place();
    if (place == null) {
      return "";
    }
    String position = Wording.position(place, report.boxes().get(finding.box()).names());
    return (position.contains(":") ? " at " : " in ") + position;
  }

  private List<Piece> causeRow(Finding finding) {
    List<Attribution> all = finding.attributions();
    Attribution likeliest = all.getFirst();
    String indent = indent();
    String first = indent + (all.size() == 1 ? "by " : "by one of " + all.size() + ": ");
    String named = Wording.named(likeliest);
    int room = page.width() - Columns.of(first);
    String rest =
        details(likeliest).stream()
            .filter(details -> Columns.of(named) + Columns.of(details) <= room)
            .findFirst()
            .orElse(details(likeliest).getLast());
    int left = Math.max(room - Columns.of(rest), FEWEST_FOR_CAUSE);
    return List.of(
        Piece.of(first), new Piece(shortened(named, left), Style.STRONG), Piece.of(rest));
  }

  /** Returns what is told behind what did it, in words that take less and less room. */
  private static List<String> details(Attribution attribution) {
    String standing = Wording.standing(attribution);
    String confidence = attribution.confidence().word();
    String sureness = Wording.sureness(attribution);
    return List.of(
        " (" + sureness + (standing.isEmpty() ? "" : "; " + standing) + ")",
        " (" + sureness + ")",
        " ("
            + (attribution.counterDelta() == null
                ? ""
                : "+" + Wording.count(attribution.counterDelta()) + ", ")
            + confidence
            + ")");
  }

  private static String shortened(String text, int columns) {
    return Columns.of(text) <= columns
        ? text
        : text.substring(0, Columns.end(text, 0, columns - 1)) + "…";
  }

  static Style style(Severity severity) {
    return switch (severity) {
      case DROP -> Style.LOSS;
      case BENIGN -> Style.CALM;
      case UNKNOWN -> Style.DOUBT;
    };
  }
}
