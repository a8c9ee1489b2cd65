package dropsite.cli;

import dropsite.analyze.classify.Classifier;
import dropsite.analyze.report.Report;
import dropsite.command.Argument;
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
  private final ReportFaces faces = new ReportFaces(syntax);
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
    faces.check(streams);
    new InputFiles(streams).check(recordings);
    AnalysisRun run = new AnalysisRun(streams, kernel, narrowing.narrowing(), Classifier.shipped());
    Report report = run.report(recordings);
    if (report == null) {
      run.notRecorded().forEach(streams::say);
      streams.say(run.why());
      return ExitCode.FAILED;
    }
    faces.print(streams, report);
    return ExitCode.OK;
  }
}
