package dropsite.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.input.EventReader;
import dropsite.analyze.input.RawLine;
import dropsite.analyze.input.Recordings;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackText;
import dropsite.analyze.input.TextPiece;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.report.FrameLines;
import dropsite.analyze.report.SourceNames;
import dropsite.analyze.report.StackJson;
import dropsite.analyze.stack.ImageFit;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import dropsite.command.Argument;
import dropsite.command.Command;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import dropsite.text.SafeText;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Prints stack text as it is, with functions, files and lines beneath each frame. */
final class SymbolizeCommand implements Command {
  private final Streams streams;

  private final Syntax syntax = new Syntax("symbolize");

  private final KernelOptions kernel = new KernelOptions(syntax);
  private final Argument json =
      syntax.flag("print one JSON object per stack instead of the text", "--json");
  private final Argument files =
      syntax.operands(0, "FILE", "texts to read; '-' or nothing is standard input");

  private long stacks;
  private long unresolved;

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
    InputFiles inputs = new InputFiles(streams);
    inputs.check(sources);
    try (KernelImage image = kernel.open(streams, sources)) {
      StackResolver resolver = new StackResolver(image, kernel.exact());
      ImageFit fit = new ImageFit(image);
      SourceNames names = SourceNames.of(image, kernel.fullPath());
      for (String source : sources) {
        try (InputStream input = inputs.open(source)) {
          if (json.given()) {
            printJson(InputFiles.name(source), input, resolver, fit, new StackJson(image, names));
          } else {
            annotate(InputFiles.name(source), input, resolver, fit, new FrameLines(names));
          }
        }
      }
      kernel.keepIndex(streams, resolver.asked());
      image.warnings().forEach(streams::say);
      String doubt = fit.doubt();
      if (stacks > 0 && doubt != null) {
        streams.say(doubt);
      }
      if (image.vmlinux().isEmpty()) {
        streams.say("no --vmlinux given: nothing can be looked up");
      }
    }
    if (stacks == 0) {
      streams.say("no stack found" + (json.given() ? "" : " (events in JSON need --json)"));
    }
    return stacks > 0 && unresolved == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private void annotate(
      String source, InputStream input, StackResolver resolver, ImageFit fit, FrameLines frameLines)
      throws IOException {
    // Closed with the input that it reads.
    StackText text = new StackText(source, new PromptInput(input, streams.out()));
    for (TextPiece piece = text.next(); piece != null; piece = text.next()) {
      switch (piece) {
        case TextPiece.Other other -> print(other.line());
        case TextPiece.Stacks stacks -> {
          List<ResolvedStack> resolved = new ArrayList<>();
          for (StackEvent event : stacks.events()) {
            ResolvedStack one = resolver.resolve(event);
            count(one);
            fit.add(one);
            resolved.add(one);
          }
          for (TextPiece.Line line : stacks.lines()) {
            print(line.raw());
            if (!line.raw().ends() && !line.frames().isEmpty()) {
              streams.out().newline();
            }
            for (TextPiece.FrameAt at : line.frames()) {
              printBeneath(resolved.get(at.stack()).frames().get(at.frame()), frameLines);
            }
          }
        }
      }
    }
  }

  private void printBeneath(ResolvedFrame frame, FrameLines frameLines) throws IOException {
    byte[] beneath = frameLines.printed(frame);
    streams.out().write(beneath, 0, beneath.length);
  }

  private void print(RawLine line) throws IOException {
    if (streams.out().isTerminal()) {
      // Task names in a log are written by whoever sends packets; tabs are harmless.
      String safe =
          Arrays.stream(line.decoded().split("\t", -1))
              .map(SafeText::of)
              .collect(Collectors.joining("\t"));
      streams.out().text(safe).text(line.end());
      return;
    }
    line.writeTo(streams.out());
  }

  private void printJson(
      String source, InputStream input, StackResolver resolver, ImageFit fit, StackJson stackJson)
      throws IOException {
    try (JsonGenerator generator = new JsonFactory().createGenerator(streams.out())) {
      // Closed with the input that it reads.
      EventReader events = Recordings.open(source, new PromptInput(input, generator));
      generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      generator.setRootValueSeparator(null);
      for (StackEvent event = events.next(); event != null; event = events.next()) {
        ResolvedStack resolved = resolver.resolve(event);
        count(resolved);
        fit.add(resolved);
        stackJson.write(generator, resolved, stacks);
        generator.writeRaw('\n');
      }
    }
  }

  private void count(ResolvedStack stack) {
    stacks++;
    for (ResolvedFrame frame : stack.frames()) {
      if (!frame.hidden() && !frame.hasSource()) {
        unresolved++;
      }
    }
  }
}
