package dropsite.cli;

import dropsite.analyze.report.JsonReport;
import dropsite.analyze.report.MarkdownReport;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.TextReport;
import dropsite.analyze.report.html.HtmlReport;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.CommandFailure;
import dropsite.command.Output;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The options that say as what a report is printed, and the printing. */
final class ReportFaces {
  private static final String UNFINISHED = ".part";

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
   * @throws CommandFailure when there is something
   */
  void check(Streams streams, List<String> recordings) throws IOException {
    look.coloured(streams);
    Path file = html.path();
    for (String input : recordings) {
      if (file != null
          && !input.equals(InputFiles.STANDARD_INPUT)
          && Files.exists(file)
          && Files.isSameFile(file, Path.of(input))) {
        throw new CommandFailure(input + ": would be written over by what is made of it");
      }
    }
  }

  /** Prints a report in the form that was asked for. */
  void print(Streams streams, Report report) throws IOException {
    if (html.path() != null) {
      writeHtml(html.path(), report);
    }
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

  /** A file has the name that was asked for only when it is whole. */
  private static void writeHtml(Path file, Report report) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    try (Output output = Output.to(unfinished)) {
      new HtmlReport().write(output, report);
    }
    Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
