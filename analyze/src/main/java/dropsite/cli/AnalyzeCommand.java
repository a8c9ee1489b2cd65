package dropsite.cli;

import dropsite.analyze.classify.Classifier;
import dropsite.analyze.report.Report;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.IOException;
import java.util.List;

/** Says what dropped the packets of recordings, where in the kernel, and what to run next. */
final class AnalyzeCommand implements Command {
  private final Streams streams;

  private final Syntax syntax = new Syntax("analyze");

  private final KernelOptions kernel = new KernelOptions(syntax);
  private final NarrowingOptions narrowing = new NarrowingOptions(syntax);
  private final RuleOptions rules = new RuleOptions(syntax);
  private final ReportFaces faces = new ReportFaces(syntax);
  private final Argument pcapng =
      syntax.option(
          Takes.PATH,
          "FILE",
          "write the capture with each packet's finding as its comment, for Wireshark",
          "--pcapng");
  private final Argument redact =
      syntax.flag(
          "replace addresses, names and payload everywhere, as 'capture --redact' does",
          "--redact");
  private final Argument files =
      syntax.operands(1, "FILE", "recordings to read; '-' is standard input");

  AnalyzeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public int run() throws IOException {
    List<String> recordings = files.texts();
    new InputFiles(streams).check(recordings);
    faces.check(streams, recordings, pcapng.path());
    AnnotatedCapture annotated = pcapng.path() == null ? null : new AnnotatedCapture(pcapng.path());
    if (annotated != null) {
      annotated.check(recordings);
    }
    AnalysisRun run =
        new AnalysisRun(
            streams, kernel, narrowing.narrowing(), Classifier.by(rules.book()), redact.given());
    Report report = run.report(recordings);
    if (report == null) {
      run.notRecorded().forEach(streams::say);
      streams.say(InputFiles.names(recordings) + ": " + run.why());
      return ExitCode.FAILED;
    }
    if (annotated != null) {
      annotated.write(recordings, report, run);
    }
    faces.print(streams, report);
    return ExitCode.OK;
  }
}
