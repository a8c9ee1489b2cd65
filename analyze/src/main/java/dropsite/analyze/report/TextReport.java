package dropsite.analyze.report;

import dropsite.analyze.classify.Severity;
import dropsite.analyze.report.TextPage.Piece;
import java.util.List;
import java.util.function.Consumer;

/** Prints a report as text: a screen that answers, all of each finding, what it rests on. */
public final class TextReport {

  private final Consumer<String> out;
  private final int width;
  private final boolean colour;

  /**
   * @param out takes the report line by line
   * @param width columns that lines may take, where that is sensible; commands take what they need
   * @param colour whether the lines are for a terminal that shows colours
   */
  public TextReport(Consumer<String> out, int width, boolean colour) {
    this.out = out;
    this.width = width;
    this.colour = colour;
  }

  /** Prints a report. */
  public void print(Report report) {
    TextPage page = new TextPage(out, width, colour);
    new TextSummary(report, page).print();
    TextFinding section = new TextFinding(report, page);
    List<Finding> findings = report.findings();
    boolean anyBenign = false;
    for (int i = 0; i < findings.size(); i++) {
      boolean benign = findings.get(i).classification().severity() == Severity.BENIGN;
      if (benign && !anyBenign) {
        page.blank();
        page.line(List.of(new Piece("No loss", Style.STRONG)));
      }
      anyBenign |= benign;
      if (benign) {
        section.printBriefly(findings.get(i), i + 1);
      } else {
        section.print(findings.get(i), i + 1);
      }
    }
    TextEnvironment environment = new TextEnvironment(page);
    report.boxes().forEach(environment::print);
  }
}
