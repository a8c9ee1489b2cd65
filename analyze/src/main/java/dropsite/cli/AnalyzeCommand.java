package dropsite.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.classify.Classifier;
import dropsite.analyze.input.EventReader;
import dropsite.analyze.input.Recordings;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.ReasonNames;
import dropsite.analyze.report.JsonReport;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.ReportBuilder;
import dropsite.analyze.report.SourceNames;
import dropsite.analyze.report.StackJson;
import dropsite.analyze.report.TextReport;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import dropsite.command.Argument;
import dropsite.command.Command;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.IOException;
import java.util.List;

/** Says what dropped the packets of a recording, where in the kernel, and what to run next. */
final class AnalyzeCommand implements Command {
  private final Streams streams;

  private final Syntax syntax = new Syntax("analyze");

  private final KernelOptions kernel = new KernelOptions(syntax);
  private final Argument json = syntax.flag("print the report as JSON", "--json");
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
    InputFiles inputs = new InputFiles(streams);
    List<String> recordings = files.texts();
    inputs.check(recordings);
    try (KernelImage image = kernel.open(streams, recordings)) {
      ReportBuilder builder = new ReportBuilder(image);
      read(recordings, inputs, image, builder);
      if (builder.isEmpty()) {
        builder.notRecorded().forEach(streams::say);
        streams.say("no stack found");
        return ExitCode.FAILED;
      }
      print(builder.build(), image);
    }
    return ExitCode.OK;
  }

  private void read(
      List<String> recordings, InputFiles inputs, KernelImage image, ReportBuilder builder)
      throws IOException {
    StackResolver resolver = new StackResolver(image, kernel.exact());
    ReasonNames reasons = new ReasonNames(image);
    Classifier classifier = Classifier.shipped();
    for (String file : recordings) {
      try (EventReader events = Recordings.open(InputFiles.name(file), inputs.open(file))) {
        for (StackEvent event = events.next(); event != null; event = events.next()) {
          ResolvedStack stack = resolver.resolve(event);
          DropReason reason = reasons.of(event.facts(), stack.slide());
          boolean imageFits = image.isVeryKernel(stack.slide());
          builder.add(stack, classifier.classify(stack, reason, imageFits), reason);
        }
        builder.add(InputFiles.name(file), events.coverage());
      }
    }
    kernel.keepIndex(streams, resolver.asked());
  }

  private void print(Report report, KernelImage image) throws IOException {
    SourceNames names = SourceNames.of(image, kernel.fullPath());
    if (!json.given()) {
      new TextReport(names, line -> streams.out().text(line).newline()).print(report);
      return;
    }
    try (JsonGenerator generator = new JsonFactory().createGenerator(streams.out())) {
      generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      generator.useDefaultPrettyPrinter();
      new JsonReport(new StackJson(image, names), names).write(generator, report);
      generator.writeRaw('\n');
    }
  }
}
