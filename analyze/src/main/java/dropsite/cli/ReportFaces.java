package dropsite.cli;

import dropsite.analyze.report.JsonReport;
import dropsite.analyze.report.MarkdownReport;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.TextReport;
import dropsite.analyze.report.html.HtmlReport;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.CommandFailure;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options that say as what a report is printed, and the printing. */
final class ReportFaces {
  /** What people write for standard output where a file is asked for. */
  private static final Set<String> STANDARD_OUTPUT =
      Set.of("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");

  private final Argument json;
  private final Argument markdown;
  private final Argument html;
  private final TerminalLook look;

  ReportFaces(Syntax syntax) {
    json = syntax.flag("print the report as JSON", "--json");
    markdown = syntax.flag("print the report as Markdown, for a ticket", "--markdown");
    html =
        syntax.option(
            Takes.PATH,
            "FILE",
            "write the report as one HTML file too, which opens in a browser from disk",
            "--html");
    look = new TerminalLook(syntax);
  }

  /**
   * Refuses what cannot be understood, and to write over what is read, before any work is done.
   *
   * @param pcapng what else is written; null for nothing
   * @throws CommandFailure when there is something
   */
  void check(Streams streams, List<String> recordings, @Nullable Path pcapng) throws IOException {
    if (json.given() && markdown.given()) {
      throw CommandFailure.wrongUsage("--json or --markdown: one of them can be printed");
    }
    refuseStandardOutput("--html", html.path());
    WholeFile.refuseSame(html.path(), pcapng);
    look.coloured(streams);
    if (html.path() != null) {
      WholeFile.refuseInputs(List.of(html.path()), recordings);
      WholeFile.refuseCapture(html.path());
    }
  }

  /** Refuses to write into a report that is printed. */
  static void refuseStandardOutput(String option, @Nullable Path target) {
    if (target != null && STANDARD_OUTPUT.contains(target.toString())) {
      throw CommandFailure.wrongUsage(option + ": needs a file; another report is printed");
    }
  }

  /** Prints a report in the form that was asked for. */
  void print(Streams streams, Report report) throws IOException {
    if (html.path() != null) {
      try (WholeFile file = WholeFile.ofOwner(html.path())) {
        new HtmlReport().write(file.output(), report);
        file.finish();
      }
    }
    if (markdown.given()) {
      new MarkdownReport(line -> streams.out().text(line).newline()).print(report);
      return;
    }
    if (!json.given()) {
      new TextReport(
              line -> streams.out().text(line).newline(),
              TerminalLook.width(streams),
              look.coloured(streams))
          .print(report);
      return;
    }
    new JsonReport().write(streams.out(), report);
  }
}
