package dropsite.cli;

import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel's scripts/faddr2line does, byte for byte, without its three seconds a symbol.
 *
 * <p>Unlike the script it also takes the recorded size of a symbol for its size, knows labels of
 * assembly code, resolves the last symbol of a section and the first byte of a module's section,
 * and tells by its exit code when something was not resolved.
 */
final class Faddr2LineCommand implements Command {
  private final Streams streams;

  private final Syntax syntax = new Syntax("faddr2line");

  private final Argument list =
      syntax.flag("show the source around each line, where it can be read", "--list");
  private final Argument fullPath =
      syntax.flag("print file names as recorded by the compiler", "--full-path");
  private final Argument asJson = syntax.flag("print one JSON object per match", "--json");
  private final CacheOptions cache = new CacheOptions(syntax);
  private final Argument file =
      syntax.operand(Takes.TEXT, "FILE", "vmlinux or module.ko with debugging information");
  private final Argument places = syntax.operands(1, "FUNC+OFF[/SIZE]", "what to look up");

  private boolean sourceFound;
  private boolean complete = true;

  Faddr2LineCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public int run() throws IOException {
    try (OpenFile open = OpenFile.of(file.textOr(""), cache.cache(streams))) {
      SourceRoot root = fullPath.given() ? new SourceRoot("") : SourceRoot.of(open.symbols());
      FunctionAnswers answers =
          asJson.given()
              ? new FunctionAnswers.Json(streams.out(), root)
              : new FunctionAnswers.Script(streams, root, list.given());
      for (String place : places.texts()) {
        resolve(open, place, answers);
      }
      if (!complete && !open.hasDebugInformation() && !sourceFound) {
        streams.say(
            file.textOr("")
                + ": no debugging information; the file of the same build that has it is"
                + " in the distribution's -dbg or -debuginfo package");
      }
    }
    cache.keepIfAsked(streams, Path.of(file.textOr("")));
    return complete ? ExitCode.OK : ExitCode.FAILED;
  }

  private void resolve(OpenFile open, String text, FunctionAnswers answers) throws IOException {
    Optional<FunctionOffset> place = FunctionOffset.parse(text);
    if (place.isEmpty()) {
      unresolved(text, "bad func+offset " + text, List.of(), answers);
      return;
    }
    FunctionMatches found = FunctionMatches.of(open.symbols().symbols(), place.get());
    for (FunctionMatches.Match match : found.matches()) {
      List<SourceFrame> frames = open.symbols().frames(match.linkAddress());
      boolean hasSource = !frames.isEmpty() && frames.getFirst().file() != null;
      sourceFound |= hasSource;
      complete &= hasSource;
      answers.match(place.get(), match, frames);
    }
    if (found.matches().isEmpty()) {
      List<String> reasons =
          found.skipped().stream().map(skipped -> describe(open, place.get(), skipped)).toList();
      unresolved(text, "no match for " + text, reasons, answers);
    }
  }

  private void unresolved(
      String text, String problem, List<String> reasons, FunctionAnswers answers)
      throws IOException {
    complete = false;
    answers.unresolved(text, problem, reasons);
    // In the script's own words, without a name in front.
    streams.say(problem);
  }

  private static String describe(
      OpenFile open, FunctionOffset place, FunctionMatches.Skipped skipped) {
    long start = open.shownAddress(skipped.symbol().linkAddress());
    return "skipping %s address at 0x%x due to size mismatch (%s)"
        .formatted(place.name(), start + place.offsetBytes(), skipped.mismatch());
  }
}
