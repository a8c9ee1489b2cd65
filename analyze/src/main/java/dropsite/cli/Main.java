package dropsite.cli;

import dropsite.analyze.report.SafeText;
import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/** The program {@code dropsite}: picks the command and turns whatever goes wrong into one line. */
public final class Main {
  static final String NAME = "dropsite";

  /** Set to see where in the program an internal error arose. */
  private static final String TRACE_VARIABLE = "DROPSITE_TRACE";

  /** In the order of the help text. */
  private static final List<String> COMMANDS =
      List.of("analyze", "symbolize", "faddr2line", "addr2line", "index");

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    Streams streams =
        new Streams(System.in, Output.standard(), System.err, System.getenv(), new ArrayList<>());
    // Not exit: it asks the logging framework first, which takes longer than many a lookup. Nothing
    // here waits for a shutdown hook, and all output has been flushed.
    int status = run(streams, args);
    doAfterwards(streams);
    Runtime.getRuntime().halt(status);
  }

  /** Does what is of use to later runs only; the exit code is settled. */
  static void doAfterwards(Streams streams) {
    if (streams.afterwards().isEmpty()) {
      return;
    }
    try {
      streams.out().close();
      streams.afterwards().forEach(Runnable::run);
    } catch (RuntimeException | OutOfMemoryError e) {
      // All output is out, and who asked for the work was told; the next run tries again.
      return;
    }
  }

  /** Runs one command and returns its exit code. */
  static int run(Streams streams, String... args) {
    try {
      Command plain = args.length == 0 ? null : command(args[0], streams);
      int status =
          plain != null && plain.syntax().readPlain(args, 1)
              ? run(streams, plain)
              : readAndRun(streams, args);
      streams.out().flush();
      return status;
    } catch (Output.ReaderGone e) {
      return ExitCode.OK;
    } catch (CommandFailure e) {
      return fail(streams, NAME, firstLine(e));
    } catch (OutOfMemoryError e) {
      return fail(
          streams,
          NAME,
          "not enough memory for this input (DROPSITE_JAVA_OPTS=-Xmx8g allows 8 GB, for example)");
    }
  }

  /** Made only when asked for, since each costs start-up time. */
  private static @Nullable Command command(String name, Streams streams) {
    return switch (name) {
      case "analyze" -> new AnalyzeCommand(streams);
      case "symbolize" -> new SymbolizeCommand(streams);
      case "faddr2line" -> new Faddr2LineCommand(streams);
      case "addr2line" -> new Addr2LineCommand(streams);
      case "index" -> new IndexCommand(streams);
      default -> null;
    };
  }

  private static int readAndRun(Streams streams, String[] args) {
    boolean one = args.length > 0 && COMMANDS.contains(args[0]);
    List<Command> commands =
        (one ? List.of(args[0]) : COMMANDS)
            .stream().map(name -> Objects.requireNonNull(command(name, streams))).toList();
    // A writer of picocli's own would swallow a full disk.
    StringWriter help = new StringWriter();
    try {
      Command command = new Picocli(commands, new PrintWriter(help)).read(args);
      streams.out().text(help.toString());
      return command == null ? ExitCode.OK : run(streams, command);
    } catch (ParameterException e) {
      String name = e.getCommandLine().getCommandSpec().qualifiedName();
      streams.say(name + ": " + firstLine(e) + " (see " + name + " --help)");
      return ExitCode.USAGE;
    }
  }

  private static int run(Streams streams, Command command) {
    try {
      return command.run();
    } catch (Output.ReaderGone e) {
      return ExitCode.OK;
    } catch (IOException | RuntimeException e) {
      return fail(streams, NAME + " " + command.syntax().name(), describe(e));
    }
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

  static String describe(Exception e) {
    return switch (e) {
      case CommandFailure _, MalformedInputException _ -> firstLine(e);
      case NoSuchFileException missing -> missing.getFile() + ": no such file";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileSystemException other ->
          other.getFile()
              + ": "
              + Objects.requireNonNullElseGet(
                  other.getReason(), () -> other.getClass().getSimpleName());
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
