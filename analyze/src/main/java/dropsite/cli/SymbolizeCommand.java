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
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.ExitCode;
import dropsite.command.Output;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import dropsite.text.SafeText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

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
      Path folder = outputDir.path();
      OutputFolder outputs =
          folder == null ? null : OutputFolder.at(folder, sources, json.given() ? ".jsonl" : "");
      for (String source : sources) {
        try (InputStream input = inputs.open(source)) {
          Output out = outputs == null ? streams.out() : outputs.open(source);
          if (json.given()) {
            StackJson stackJson = new StackJson(image, names);
            printJson(InputFiles.name(source), input, out, resolver, fit, stackJson);
          } else {
            annotate(InputFiles.name(source), input, out, resolver, fit, new FrameLines(names));
          }
          if (outputs != null) {
            out.close();
          }
        }
      }
      kernel.keepIndex(streams, resolver.asked());
      image.warnings().forEach(streams::say);
      image.slideNotes().forEach(streams::say);
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
      String source,
      InputStream input,
      Output out,
      StackResolver resolver,
      ImageFit fit,
      FrameLines frameLines)
      throws IOException {
    // Closed with the input that it reads.
    StackText text = new StackText(source, new PromptInput(input, out));
    for (TextPiece piece = text.next(); piece != null; piece = text.next()) {
      switch (piece) {
        case TextPiece.Other other -> print(other.line(), out);
        case TextPiece.Stacks stacks -> {
          List<ResolvedStack> resolved = new ArrayList<>();
          for (StackEvent event : stacks.events()) {
            ResolvedStack one = resolver.resolve(event);
            count(one);
            fit.add(one);
            resolved.add(one);
          }
          BitSet outermostFirst = outermostFirst(stacks);
          for (TextPiece.Line line : stacks.lines()) {
            print(line.raw(), out);
            if (!line.raw().ends() && !line.frames().isEmpty()) {
              out.newline();
            }
            for (TextPiece.FrameAt at : line.frames()) {
              ResolvedStack stack = resolved.get(at.stack());
              printBeneath(stack.frames().get(at.frame()), frameLines, out);
              List<ResolvedFrame> missing =
                  outermostFirst.get(at.stack())
                      ? stack.missingAbove(at.frame()).reversed()
                      : stack.elided().get(at.frame());
              for (ResolvedFrame frame : missing) {
                printBeneath(frame, frameLines, out);
              }
            }
          }
        }
      }
    }
  }

  /** Returns which stacks of a piece are printed callers first. */
  private static BitSet outermostFirst(TextPiece.Stacks stacks) {
    BitSet begun = new BitSet();
    BitSet outermostFirst = new BitSet();
    for (TextPiece.Line line : stacks.lines()) {
      for (TextPiece.FrameAt at : line.frames()) {
        outermostFirst.set(
            at.stack(), begun.get(at.stack()) ? outermostFirst.get(at.stack()) : at.frame() != 0);
        begun.set(at.stack());
      }
    }
    return outermostFirst;
  }

  private static void printBeneath(ResolvedFrame frame, FrameLines frameLines, Output out)
      throws IOException {
    byte[] beneath = frameLines.printed(frame);
    out.write(beneath, 0, beneath.length);
  }

  private static void print(RawLine line, Output out) throws IOException {
    if (out.isTerminal()) {
      // Task names in a log are written by whoever sends packets; tabs are harmless.
      String safe =
          Arrays.stream(line.decoded().split("\t", -1))
              .map(SafeText::of)
              .collect(Collectors.joining("\t"));
      out.text(safe).text(line.end());
      return;
    }
    line.writeTo(out);
  }

  private void printJson(
      String source,
      InputStream input,
      Output out,
      StackResolver resolver,
      ImageFit fit,
      StackJson stackJson)
      throws IOException {
    try (JsonGenerator generator = new JsonFactory().createGenerator(out)) {
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
