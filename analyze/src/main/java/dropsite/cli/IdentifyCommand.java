package dropsite.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.cache.IndexCache;
import dropsite.analyze.input.EventReader;
import dropsite.analyze.input.Recordings;
import dropsite.analyze.input.StackEvent;
import dropsite.analyze.kernel.KernelCandidates;
import dropsite.analyze.kernel.KernelCandidates.Score;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.CommandFailure;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import dropsite.text.SafeText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Says which of the kernels at hand stacks are from. */
final class IdentifyCommand implements Command {
  private final Streams streams;

  private final Syntax syntax = new Syntax("identify");

  private final Argument folder =
      syntax.option(
          Takes.PATH,
          "DIR",
          "folder with vmlinux or GSYM files of several kernels, searched to the bottom (default:"
              + " /usr/lib/debug)",
          "--debug-dir");
  private final Argument json = syntax.flag("print the scores as JSON", "--json");
  private final Argument files =
      syntax.operands(1, "STACK", "texts or recordings to read; '-' is standard input");

  IdentifyCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public int run() throws IOException {
    InputFiles inputs = new InputFiles(streams);
    inputs.check(files.texts());
    Path given = folder.path();
    Path searched = given == null ? Path.of("/usr/lib/debug") : given;
    try (KernelCandidates kernels =
        KernelCandidates.in(searched, IndexCache.of(streams.environment(), streams::say))) {
      if (kernels.isEmpty()) {
        throw new CommandFailure(searched + ": holds no kernel with its symbols");
      }
      long stacks = 0;
      for (String file : files.texts()) {
        try (EventReader events = Recordings.open(InputFiles.name(file), inputs.open(file))) {
          for (StackEvent event = events.next(); event != null; event = events.next()) {
            kernels.add(event);
            stacks++;
          }
        }
      }
      Optional<Score> winner = kernels.winner();
      if (json.given()) {
        printJson(kernels.ranked(), winner);
      } else if (stacks > 0) {
        print(kernels.ranked(), winner);
      }
      if (stacks == 0) {
        streams.say(InputFiles.names(files.texts()) + ": no stack found");
      }
      return winner.isPresent() ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private void print(List<Score> ranked, Optional<Score> winner) throws IOException {
    streams
        .out()
        .text(
            winner
                .map(kernel -> "from " + name(kernel))
                .orElse("not clear: a kernel must be three frames ahead of every other"))
        .newline();
    streams.out().text("   fits  against  kernel").newline();
    for (Score score : ranked) {
      if (!score.possible()) {
        streams
            .out()
            .text("      -        -  " + name(score) + ": cannot be at the stacks' addresses")
            .newline();
        continue;
      }
      String moved =
          score.slideBytes() == null ? "" : ", moved by 0x" + Long.toHexString(score.slideBytes());
      streams
          .out()
          .text(
              String.format(
                  "%7d  %7d  %s%s", score.fitting(), score.contrary(), name(score), moved))
          .newline();
    }
  }

  private static String name(Score kernel) {
    return SafeText.of(kernel.file())
        + (kernel.release().isEmpty() ? "" : ", " + SafeText.of(kernel.release()))
        + (kernel.buildId() == null ? "" : ", build-id " + kernel.buildId());
  }

  private void printJson(List<Score> ranked, Optional<Score> winner) throws IOException {
    try (JsonGenerator generator = new JsonFactory().createGenerator(streams.out())) {
      generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      generator.useDefaultPrettyPrinter();
      generator.writeStartObject();
      generator.writeStringField("kernel", winner.map(Score::file).orElse(null));
      generator.writeArrayFieldStart("scores");
      for (Score score : ranked) {
        generator.writeStartObject();
        generator.writeStringField("file", score.file());
        generator.writeStringField("release", score.release().isEmpty() ? null : score.release());
        generator.writeStringField("buildId", score.buildId());
        generator.writeBooleanField("possible", score.possible());
        generator.writeNumberField("fits", score.fitting());
        generator.writeNumberField("against", score.contrary());
        generator.writeStringField(
            "slide",
            score.slideBytes() == null ? null : "0x" + Long.toHexString(score.slideBytes()));
        generator.writeEndObject();
      }
      generator.writeEndArray();
      generator.writeEndObject();
      generator.writeRaw('\n');
    }
  }
}
