package dropsite.cli;

import dropsite.symbols.SourceFrame;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What the kernel's scripts/faddr2line does, byte for byte, without its three seconds a symbol.
 *
 * <p>Unlike the script it also takes the recorded size of a symbol for its size, knows labels of
 * assembly code, resolves the last symbol of a section and the first byte of a module's section,
 * and tells by its exit code when something was not resolved.
 */
@Command(
    name = "faddr2line",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Translates function+offset, as stack dumps print it, to file, line and inlined functions.",
      "",
      "Prints what the kernel's scripts/faddr2line prints. The size is not needed, but tells"
          + " functions of one name apart; without it every match is printed. Offset and size may"
          + " be decimal or 0x hexadecimal. The exact offset is looked up: give a return address"
          + " minus one to see the line of the call.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  dropsite faddr2line vmlinux __ip_local_out+219/0x150",
      "  dropsite faddr2line nf_tables.ko nft_do_chain+0x1f1/0x5a0 nft_do_chain_inet+0x7b",
      "  dropsite faddr2line --list vmlinux nf_hook_slow+0x45     (in the kernel's source tree)",
      "  dropsite faddr2line --json vmlinux kfree_skb_reason+0x8f",
      "",
      "Exit code: 0 all resolved, 1 some not or none, 2 wrong usage."
    })
final class Faddr2LineCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(names = "--list", description = "show the source around each line, where it can be read")
  private boolean list;

  @Option(names = "--full-path", description = "print file names as recorded by the compiler")
  private boolean fullPath;

  @Option(names = "--json", description = "print one JSON object per match")
  private boolean asJson;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "vmlinux or module.ko with debugging information")
  private String file = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FUNC+OFF[/SIZE]",
      description = "what to look up")
  private List<String> places = List.of();

  private boolean sourceFound;
  private boolean complete = true;

  Faddr2LineCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    try (OpenFile open = OpenFile.of(file)) {
      SourceRoot root = fullPath ? new SourceRoot("") : SourceRoot.of(open.symbols());
      FunctionAnswers answers =
          asJson
              ? new FunctionAnswers.Json(streams.out(), root)
              : new FunctionAnswers.Script(streams, root, list);
      for (String place : places) {
        resolve(open, place, answers);
      }
      if (!complete && !open.hasDebugInformation() && !sourceFound) {
        streams.say(
            file
                + ": no debugging information; the file of the same build that has it is"
                + " in the distribution's -dbg or -debuginfo package");
      }
    }
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
