package dropsite.cli;

import dropsite.analyze.classify.Classifier;
import dropsite.analyze.diff.Comparison;
import dropsite.analyze.diff.ComparisonJson;
import dropsite.analyze.diff.ComparisonText;
import dropsite.analyze.diff.ReportSide;
import dropsite.analyze.diff.Side;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.TextPage;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.CommandFailure;
import dropsite.command.ExitCode;
import dropsite.command.Program;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Says what appeared, vanished, or comes more or less often between two recordings or reports. */
final class DiffCommand implements Command {
  private static final int DIFFERENT = 1;
  private static final int TROUBLE = 2;
  private static final int PEEK_BYTES = 64;
  private static final Pattern REPORT = Pattern.compile("\\s*\\{\\s*\"schema\"");

  private final Streams streams;
  private final Syntax syntax = new Syntax("diff");
  private final KernelOptions kernel = new KernelOptions(syntax);
  private final NarrowingOptions narrowing = new NarrowingOptions(syntax);
  private final Argument redact =
      syntax.flag("replace addresses and names, the same in both", "--redact");
  private final Argument json = syntax.flag("print the differences as JSON", "--json");
  private final Argument before =
      syntax.operand(Takes.TEXT, "BEFORE", "recording, or report of 'analyze --json'");
  private final Argument after =
      syntax.operand(Takes.TEXT, "AFTER", "recording, or report of 'analyze --json'");

  DiffCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  /** As diff(1): 0 for the same, 1 for different, 2 for trouble. */
  @Override
  public int run() throws IOException {
    Comparison comparison;
    try {
      comparison = comparison();
    } catch (IOException | RuntimeException e) {
      streams.say(Program.NAME + " " + syntax.name() + ": " + Program.describe(e));
      return TROUBLE;
    }
    if (json.given()) {
      new ComparisonJson().write(streams.out(), comparison);
    } else {
      TextPage page =
          new TextPage(
              line -> streams.out().text(line).newline(), TerminalLook.width(streams), false);
      new ComparisonText(page).print(comparison);
    }
    return comparison.isSame() ? ExitCode.OK : DIFFERENT;
  }

  private Comparison comparison() throws IOException {
    List<String> names = List.of(before.textOr(""), after.textOr(""));
    if (names.contains(InputFiles.STANDARD_INPUT)) {
      throw new CommandFailure("needs files: standard input cannot be read twice");
    }
    new InputFiles(streams).check(names);
    List<String> recordings = new ArrayList<>();
    for (String name : names) {
      if (!isReport(name)) {
        recordings.add(name);
      } else if (redact.given()) {
        throw new CommandFailure(name + ": is a report; --redact takes recordings");
      }
    }
    AnalysisRun run =
        new AnalysisRun(
            streams, kernel, narrowing.narrowing(), Classifier.shipped(), redact.given());
    run.prepare(recordings);
    return new Comparison(side(names.getFirst(), run), side(names.getLast(), run));
  }

  private static Side side(String name, AnalysisRun run) throws IOException {
    if (isReport(name)) {
      return ReportSide.read(name, Files.newInputStream(Path.of(name)));
    }
    Report report = run.report(List.of(name));
    if (report == null) {
      throw new CommandFailure(name + ": " + run.why());
    }
    return Side.of(run.redaction().file(name), report);
  }

  /** Returns whether a file begins as a report does; recordings of JSON events do not. */
  private static boolean isReport(String name) throws IOException {
    try (InputStream input = Files.newInputStream(Path.of(name))) {
      String first = new String(input.readNBytes(PEEK_BYTES), StandardCharsets.ISO_8859_1);
      return REPORT.matcher(first).lookingAt();
    }
  }
}
