package dropsite.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * GNU addr2line of binutils 2.40: its options, its output, and its manners on a pipe.
 *
 * <p>Where binutils reads DWARF wrongly the answers differ; docs/verification-faddr2line.md lists
 * how.
 */
@Command(
    name = "addr2line",
    // Not the standard mixin: GNU's -v and -h are lower and upper case.
    versionProvider = Version.class,
    description = {
      "Translates addresses to file and line, as GNU addr2line does.",
      "",
      "Addresses are hexadecimal, or a symbol with an optional +offset. When none is given they are"
          + " read from standard input, one a line, and each is answered as soon as it arrives:"
          + " perf can use this in place of addr2line. In a relocatable file (kernel module)"
          + " addresses are offsets into a section: name it with -j. @FILE stands for the options"
          + " in FILE.",
      ""
    },
    footer = {
      "",
      "Names are demangled when they are Rust's; C++ names are printed as they are.",
      "",
      "Examples:",
      "  dropsite addr2line -e vmlinux -fpi ffffffff81a2b3c4 nf_hook_slow+0x45",
      "  dropsite addr2line -fie nf_tables.ko -j .text 1f1",
      "  dropsite addr2line -afi -e vmlinux < addresses",
      "  dropsite addr2line --json -e vmlinux ffffffff81a2b3c4",
      "",
      "For perf, put this script as 'addr2line' first in PATH, or give it to --addr2line (perf 6.4"
          + " and later):",
      "  #!/bin/sh",
      "  exec dropsite addr2line \"$@\"",
      "",
      "Exit code: 0 done (unknown addresses print ??), 1 not done, 2 wrong usage."
    })
final class Addr2LineCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = {"-e", "--exe"},
      paramLabel = "FILE",
      description = "the file to read; default: ${DEFAULT-VALUE}")
  private String file = "a.out";

  @Option(
      names = {"-a", "--addresses"},
      description = "print the address before its frames")
  private boolean addresses;

  @Option(
      names = {"-f", "--functions"},
      description = "print the names of functions")
  private boolean functions;

  @Option(
      names = {"-i", "--inlines"},
      description = "print all functions that the code was inlined into")
  private boolean inlines;

  @Option(
      names = {"-p", "--pretty-print"},
      description = "print one line a frame")
  private boolean pretty;

  @Option(
      names = {"-s", "--basenames"},
      description = "leave out directories")
  private boolean baseNames;

  @Option(
      names = {"-C"},
      description = "print Rust names as in the source")
  private boolean demangle;

  @Option(
      names = {"--demangle"},
      paramLabel = "STYLE",
      arity = "0..1",
      preprocessor = OnlyAttached.class,
      description = "the same; a style may follow the equals sign and changes nothing")
  private @Nullable String demangleStyle;

  @Option(
      names = {"-j", "--section"},
      paramLabel = "SECTION",
      description = "addresses are offsets into this section")
  private @Nullable String section;

  @SuppressWarnings("unused") // picocli asks for a place to put it
  @Option(
      names = {"-b", "--target"},
      paramLabel = "BFDNAME",
      description = "accepted and not needed: the file itself says what it is")
  private @Nullable String target;

  @SuppressWarnings("unused") // picocli asks for a place to put it
  @Option(
      names = {
        "-r",
        "-R",
        "--recurse-limit",
        "--recursion-limit",
        "--no-recurse-limit",
        "--no-recursion-limit"
      },
      description = "accepted and not needed: demangling is always limited")
  private boolean recursionLimit;

  @Option(names = "--json", description = "print one JSON object per address")
  private boolean asJson;

  @SuppressWarnings("unused") // picocli asks for a place to put it
  @Option(
      names = {"-h", "-H", "--help"},
      usageHelp = true,
      description = "print this")
  private boolean help;

  @SuppressWarnings("unused") // picocli asks for a place to put it
  @Option(
      names = {"-v", "-V", "--version"},
      versionHelp = true,
      description = "print the version")
  private boolean version;

  @Parameters(paramLabel = "ADDR", description = "what to look up; default: standard input")
  private List<String> questions = List.of();

  Addr2LineCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    UnaryOperator<String> names =
        demangle || demangleStyle != null ? RustName::demangle : UnaryOperator.identity();
    GnuFormat format = new GnuFormat(addresses, functions, inlines, pretty, baseNames, names);
    FrameJson json = asJson ? new FrameJson(streams.out()) : null;
    try (OpenFile open = OpenFile.of(file)) {
      AddressSpace space = AddressSpace.of(open, section);
      if (questions.isEmpty()) {
        answerAsTheyCome(space, format, json);
      } else {
        answer(questions, space, format, json);
      }
    }
    return ExitCode.OK;
  }

  private void answerAsTheyCome(AddressSpace space, GnuFormat format, @Nullable FrameJson json)
      throws IOException {
    LineSource lines = new LineSource(streams.in());
    for (List<String> batch = lines.next(); !batch.isEmpty(); batch = lines.next()) {
      answer(batch, space, format, json);
      streams.out().flush();
    }
  }

  private void answer(
      List<String> batch, AddressSpace space, GnuFormat format, @Nullable FrameJson json)
      throws IOException {
    for (AddressSpace.Answer answer : space.answers(batch)) {
      if (json == null) {
        format.print(streams.out(), answer.address(), space.digits(), answer.frames());
      } else {
        json.begin(answer.text())
            .address("address", answer.address())
            .frames(answer.frames(), UnaryOperator.identity())
            .end();
      }
    }
  }

  /** Takes a value only when it is attached ({@code --demangle=STYLE}), as getopt does. */
  static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      // picocli gives what stood between name and value: nothing when the value is another word.
      if ("=".equals(info.get("separator"))) {
        return false;
      }
      option.setValue("auto");
      return true;
    }
  }
}
