package dropsite.cli;

import dropsite.analyze.report.JsonReport;
import dropsite.analyze.report.MarkdownReport;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.TextReport;
import dropsite.command.Argument;
import dropsite.command.CommandFailure;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.IOException;

/** The options that say as what a report is printed, and the printing. */
final class ReportFaces {
  private final Argument json;
  private final Argument markdown;
  private final TerminalLook look;

  ReportFaces(Syntax syntax) {
    json = syntax.flag("print the report as JSON", "--json");
    markdown = syntax.flag("print the report as Markdown, for a ticket", "--markdown");
    look = new TerminalLook(syntax);
  }

  /**
   * Refuses what cannot be understood before any work is done.
   *
   * @throws CommandFailure when there is something
   */
  void check(Streams streams) {
    look.coloured(streams);
  }

  /** Prints a report in the form that was asked for. */
  void print(Streams streams, Report report) throws IOException {
    if (markdown.given()) {
      new MarkdownReport(line -> streams.out().text(line).newline()).print(report);
      return;
    }
    if (!json.given()) {
      new TextReport(
              line -> streams.out().text(line).newline(),
              look.width(streams),
              look.coloured(streams))
          .print(report);
      return;
    }
    new JsonReport().write(streams.out(), report);
  }
}
