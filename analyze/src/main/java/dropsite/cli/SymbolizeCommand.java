package dropsite.cli;

import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.report.Advice;
import dropsite.analyze.report.SourceNames;
import dropsite.analyze.stack.StackResolver;
import dropsite.bytes.MalformedInputException;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.ExitCode;
import dropsite.command.Output;
import dropsite.command.Program;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints stack text as it is, with functions, files and lines beneath each frame. */
final class SymbolizeCommand implements Command {
  private final Streams streams;

  private final Syntax syntax = new Syntax("symbolize");

  private final KernelOptions kernel = new KernelOptions(syntax);
  private final Argument json =
      syntax.flag("print one JSON object per stack instead of the text", "--json");
  private final Argument outputDir =
      syntax.option(
          Takes.PATH,
          "DIR",
          "write what is made of each FILE into this folder, under the FILE's own name",
          "--output-dir");
  private final Argument files =
      syntax.operands(0, "FILE", "texts to read; '-' or nothing is standard input");

  SymbolizeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public int run() throws IOException {
    List<String> named = files.texts();
    List<String> sources = named.isEmpty() ? List.of(InputFiles.STANDARD_INPUT) : named;
    Path folder = outputDir.path();
    OutputFolder outputs =
        folder == null ? null : OutputFolder.at(folder, sources, json.given() ? ".jsonl" : "");
    try (KernelImage image = kernel.open(streams, sources)) {
      StackResolver resolver = new StackResolver(image, kernel.exact());
      SourceNames names = SourceNames.of(image, kernel.fullPath());
      StackPrinter printer = new StackPrinter(image, resolver, names);
      int read = 0;
      for (String source : sources) {
        read += print(source, printer, outputs) ? 1 : 0;
      }
      kernel.keepIndex(streams, resolver.asked());
      if (read > 0) {
        tell(image, printer);
      }
      return read == sources.size() && printer.stacks() > 0 && printer.unresolved() == 0
          ? ExitCode.OK
          : ExitCode.FAILED;
    }
  }

  /** Prints one text; one that cannot be read is told, and does not keep the others waiting. */
  private boolean print(String source, StackPrinter printer, @Nullable OutputFolder outputs) {
    InputFiles inputs = new InputFiles(streams);
    try {
      inputs.check(List.of(source));
      try (InputStream input = inputs.open(source);
          WholeFile file = outputs == null ? null : outputs.open(source)) {
        Output out = file == null ? streams.out() : file.output();
        if (json.given()) {
          printer.printJson(InputFiles.name(source), input, out);
        } else {
          printer.annotate(InputFiles.name(source), input, out);
        }
        if (file != null) {
          file.finish();
        }
      }
      return true;
    } catch (IOException | MalformedInputException e) {
      streams.say("dropsite symbolize: " + Program.describe(e));
      return false;
    }
  }

  private void tell(KernelImage image, StackPrinter printer) throws IOException {
    image.warnings().forEach(streams::say);
    image.slideNotes().forEach(streams::say);
    String doubt = printer.doubt();
    if (doubt != null) {
      streams.say(doubt);
    }
    if (image.vmlinux().isEmpty()) {
      streams.say("no --vmlinux given: nothing can be looked up");
    } else {
      List<String> withoutFile = image.modulesWithoutFile(printer.modules());
      if (!withoutFile.isEmpty()) {
        streams.say(Advice.forModules(withoutFile));
      }
    }
    if (printer.stacks() == 0) {
      streams.say(
          "no stack found" + (printer.beganAsJson() ? " (events in JSON need --json)" : ""));
    }
  }
}
