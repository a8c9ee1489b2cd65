package dropsite.cli;

import dropsite.analyze.report.SafeText;
import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The program {@code dropsite}: picks the command and turns whatever goes wrong into one line. */
@Command(
    name = "dropsite",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "From kernel addresses to file, line and inlined functions; from drops to causes.",
    footer = {
      "",
      "Examples:",
      "  dropsite analyze --vmlinux vmlinux drops.txt",
      "  dropsite symbolize --vmlinux vmlinux < stacks.txt",
      "  dropsite faddr2line vmlinux nf_hook_slow+0x45/0xc0",
      "  dropsite addr2line -e vmlinux -fpi ffffffff81a2b3c4",
      "  dropsite index vmlinux",
      "",
      "Exit code: 0 done, 1 not done or only in part, 2 wrong usage.",
      "'dropsite COMMAND --help' tells more about a command."
    })
public final class Main {
  /** Set to see where in the program an internal error arose. */
  private static final String TRACE_VARIABLE = "DROPSITE_TRACE";

  /** In the order of the help text; made only when asked for, since each costs start-up time. */
  private static final Map<String, Function<Streams, Object>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("analyze", AnalyzeCommand::new);
    COMMANDS.put("symbolize", SymbolizeCommand::new);
    COMMANDS.put("faddr2line", Faddr2LineCommand::new);
    COMMANDS.put("addr2line", Addr2LineCommand::new);
    COMMANDS.put("index", IndexCommand::new);
  }

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    Streams streams = new Streams(System.in, Output.standard(), System.err);
    // Not exit: it asks the logging framework first, which takes longer than many a lookup. Nothing
    // here waits for a shutdown hook, and all output has been flushed.
    Runtime.getRuntime().halt(run(streams, args));
  }

  /** Runs one command and returns its exit code. */
  static int run(Streams streams, String... args) {
    try {
      // A writer of picocli's own would swallow a full disk.
      StringWriter help = new StringWriter();
      int status = commandLine(streams, new PrintWriter(help), args).execute(args);
      streams.out().text(help.toString()).flush();
      return status;
    } catch (Output.ReaderGone e) {
      return ExitCode.OK;
    } catch (CommandFailure e) {
      return fail(streams, "dropsite", firstLine(e));
    } catch (OutOfMemoryError e) {
      return fail(streams, "dropsite", "not enough memory for this input");
    }
  }

  private static CommandLine commandLine(Streams streams, PrintWriter help, String[] args) {
    CommandLine root = new CommandLine(new Main());
    Function<Streams, Object> wanted = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (wanted != null) {
      root.addSubcommand(wanted.apply(streams));
    } else {
      COMMANDS.values().forEach(command -> root.addSubcommand(command.apply(streams)));
    }
    root.setOut(help);
    root.setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8));
    // picocli 4.7.7 looks for the letters of an option after a lone dash, which is standard input.
    root.setAbbreviatedOptionsAllowed(!Arrays.asList(args).contains("-"));
    root.setOverwrittenOptionsAllowed(true);
    root.setAtFileCommentChar(null);
    root.setUsageHelpWidth(100);
    root.setParameterExceptionHandler((e, _) -> wrongUsage(streams, e));
    root.setExecutionExceptionHandler((e, command, _) -> failed(streams, e, command));
    return root;
  }

  private static int wrongUsage(Streams streams, ParameterException e) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    streams.say(name + ": " + firstLine(e) + " (see " + name + " --help)");
    return ExitCode.USAGE;
  }

  private static int failed(Streams streams, Exception e, CommandLine command) {
    if (e instanceof Output.ReaderGone) {
      return ExitCode.OK;
    }
    return fail(streams, command.getCommandSpec().qualifiedName(), describe(e));
  }

  private static int fail(Streams streams, String name, String problem) {
    try {
      streams.say(name + ": " + problem);
    } catch (Output.ReaderGone | CommandFailure e) {
      // Standard output is what failed; the message must still get through.
      streams.err().println(name + ": " + SafeText.of(problem));
    }
    return ExitCode.FAILED;
  }

  private static String describe(Exception e) {
    return switch (e) {
      case CommandFailure _, MalformedInputException _ -> firstLine(e);
      case NoSuchFileException missing -> missing.getFile() + ": no such file";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileSystemException other -> other.getFile() + ": " + other.getReason();
      case IOException _ -> firstLine(e);
      case UncheckedIOException wrapped -> describe(Objects.requireNonNull(wrapped.getCause()));
      default -> internalError(e, System.err);
    };
  }

  private static String internalError(Exception e, PrintStream err) {
    if (System.getenv(TRACE_VARIABLE) != null) {
      e.printStackTrace(err);
    }
    return "internal error, please report it: " + e + " (" + TRACE_VARIABLE + "=1 shows where)";
  }

  private static String firstLine(Exception e) {
    String message = e.getMessage();
    return message == null || message.isEmpty()
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }
}
