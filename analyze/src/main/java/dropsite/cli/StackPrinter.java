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
import dropsite.analyze.report.JsonStack;
import dropsite.analyze.report.SourceNames;
import dropsite.analyze.stack.ImageFit;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import dropsite.command.Output;
import dropsite.text.SafeText;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints the stacks of texts with what they were resolved to, and counts what came of them. */
final class StackPrinter {
  /** Of the names in a hostile text no more are kept. */
  private static final int MOST_MODULES = 1000;

  private final StackResolver resolver;
  private final ImageFit fit;
  private final FrameLines frameLines;
  private final JsonStack stackJson;
  private final Set<String> modules = new TreeSet<>();
  private long stacks;
  private long unresolved;
  private boolean beganAsJson;

  /**
   * @param image that the resolver asks
   */
  StackPrinter(KernelImage image, StackResolver resolver, SourceNames names) {
    this.resolver = resolver;
    this.fit = new ImageFit(image);
    this.frameLines = new FrameLines(names);
    this.stackJson = new JsonStack(image, names);
  }

  /** Copies a text, with functions, files and lines beneath each frame. */
  void annotate(String source, InputStream input, Output out) throws IOException {
    // Closed with the input that it reads.
    StackText text = new StackText(source, new PromptInput(input, out));
    boolean blank = true;
    for (TextPiece piece = text.next(); piece != null; piece = text.next()) {
      switch (piece) {
        case TextPiece.Other other -> {
          if (blank) {
            String line = other.line().decoded();
            blank = line.isBlank();
            beganAsJson |= line.strip().startsWith("{");
          }
          print(other.line(), out);
        }
        case TextPiece.Stacks stacks -> {
          blank = false;
          List<ResolvedStack> resolved = new ArrayList<>();
          for (StackEvent event : stacks.events()) {
            resolved.add(resolve(event));
          }
          BitSet outermostFirst = outermostFirst(stacks);
          for (TextPiece.Line line : stacks.lines()) {
            print(line.raw(), out);
            if (!line.raw().ends() && !line.frames().isEmpty()) {
              out.newline();
            }
            for (TextPiece.FrameAt at : line.frames()) {
              ResolvedStack stack = resolved.get(at.stack());
              printBeneath(stack.frames().get(at.frame()), out);
              List<ResolvedFrame> missing =
                  outermostFirst.get(at.stack())
                      ? stack.missingAbove(at.frame()).reversed()
                      : stack.elided().get(at.frame());
              for (ResolvedFrame frame : missing) {
                printBeneath(frame, out);
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

  private void printBeneath(ResolvedFrame frame, Output out) {
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

  /** Prints an object for each stack of a recording of any format. */
  void printJson(String source, InputStream input, Output out) throws IOException {
    try (JsonGenerator generator = new JsonFactory().createGenerator(out)) {
      // Closed with the input that it reads.
      EventReader events = Recordings.open(source, new PromptInput(input, generator));
      generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      generator.setRootValueSeparator(null);
      for (StackEvent event = events.next(); event != null; event = events.next()) {
        ResolvedStack resolved = resolve(event);
        stackJson.write(generator, resolved, stacks);
        generator.writeRaw('\n');
      }
    }
  }

  private ResolvedStack resolve(StackEvent event) throws IOException {
    ResolvedStack stack = resolver.resolve(event);
    fit.add(stack);
    stacks++;
    for (ResolvedFrame frame : stack.frames()) {
      if (!frame.hidden() && !frame.hasSource()) {
        unresolved++;
        if (frame.module() != null && modules.size() < MOST_MODULES) {
          modules.add(frame.module());
        }
      }
    }
    return stack;
  }

  /** Returns how many stacks there were. */
  long stacks() {
    return stacks;
  }

  /** Returns whether a text that was annotated begins as JSON does. */
  boolean beganAsJson() {
    return beganAsJson;
  }

  /** Returns how many of their frames no source line was found for. */
  long unresolved() {
    return unresolved;
  }

  /** Returns the modules that those frames are in. */
  Set<String> modules() {
    return modules;
  }

  /** Returns what a reader of the source lines must know; null when nothing. */
  @Nullable String doubt() {
    return stacks == 0 ? null : fit.doubt();
  }
}
