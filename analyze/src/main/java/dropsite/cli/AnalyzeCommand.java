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
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what dropped the packets of a recording, where in the kernel, and what to run next. */
@Command(
    name = "analyze",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Says what dropped the packets whose stacks were recorded, and what to run next.",
      "",
      "Reads stack text (bpftrace, ftrace) and JSON events (one object a line, with the kernel.json"
          + " beside them). Events of one class at one place become one finding. Without --vmlinux"
          + " stacks are judged by the names printed in them, and the report says what is missing.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  dropsite analyze --vmlinux vmlinux drops.txt",
      "  dropsite analyze --vmlinux vmlinux --modules /usr/lib/debug/lib/modules/6.1.0-56-amd64 \\",
      "      events.jsonl",
      "  dropsite analyze --json drops.txt | jq '.findings[] | {class, count, site}'",
      "",
      "Exit code: 0 every stack was judged, 1 no stack found or a file could not be read, 2 wrong"
          + " usage."
    })
final class AnalyzeCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private KernelOptions kernel = new KernelOptions();

  @Option(names = "--json", description = "print the report as JSON")
  private boolean json;

  @Parameters(
      paramLabel = "FILE",
      description = "recordings to read; '-' is standard input",
      arity = "1..*")
  private List<String> files = List.of();

  AnalyzeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    InputFiles inputs = new InputFiles(streams);
    inputs.check(files);
    try (KernelImage image = kernel.open(files)) {
      ReportBuilder builder = new ReportBuilder(image);
      read(inputs, image, builder);
      if (builder.isEmpty()) {
        streams.say("no stack found");
        return ExitCode.FAILED;
      }
      print(builder.build(), image);
    }
    return ExitCode.OK;
  }

  private void read(InputFiles inputs, KernelImage image, ReportBuilder builder)
      throws IOException {
    StackResolver resolver = new StackResolver(image, kernel.exact());
    ReasonNames reasons = new ReasonNames(image);
    Classifier classifier = Classifier.shipped();
    for (String file : files) {
      try (EventReader events = Recordings.open(InputFiles.name(file), inputs.open(file))) {
        for (StackEvent event = events.next(); event != null; event = events.next()) {
          ResolvedStack stack = resolver.resolve(event);
          DropReason reason = reasons.of(event.facts(), stack.slide());
          boolean imageFits = image.isVeryKernel(stack.slide());
          builder.add(stack, classifier.classify(stack, reason, imageFits), reason);
        }
      }
    }
  }

  private void print(Report report, KernelImage image) throws IOException {
    SourceNames names = SourceNames.of(image, kernel.fullPath());
    if (!json) {
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
