package dropsite.command;

import dropsite.bytes.MalformedInputException;
import dropsite.text.SafeText;
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
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/** The program {@code dropsite}: picks the command and turns whatever goes wrong into one line. */
public final class Program {
  /** What users call it. */
  public static final String NAME = "dropsite";

  /** Set to see where in the program an internal error arose. */
  private static final String TRACE_VARIABLE = "DROPSITE_TRACE";

  private final Class<?> home;
  private final List<String> commands;
  private final BiFunction<String, Streams, @Nullable Command> maker;

  /**
   * @param home whose resource {@code dropsite.txt} is the help text
   * @param commands their names in the order of the help text
   * @param maker makes a command by name, null for a name it does not know; called only for
   *     commands that are asked for, since each costs start-up time
   */
  public Program(
      Class<?> home, List<String> commands, BiFunction<String, Streams, @Nullable Command> maker) {
    this.home = home;
    this.commands = List.copyOf(commands);
    this.maker = maker;
  }

  /** Runs one command in this process and ends it with the command's exit code. */
  public void runAndExit(String... args) {
    Streams streams =
        new Streams(System.in, Output.standard(), System.err, System.getenv(), new ArrayList<>());
    // Not exit: it asks the logging framework first, which takes longer than many a lookup. Nothing
    // here waits for a shutdown hook, and all output has been flushed.
    int status = run(streams, args);
    doAfterwards(streams);
    Runtime.getRuntime().halt(status);
  }

  /** Does what is of use to later runs only; the exit code is settled. */
  public static void doAfterwards(Streams streams) {
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
  public int run(Streams streams, String... args) {
    try {
      Command plain = args.length == 0 ? null : maker.apply(args[0], streams);
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

  private int readAndRun(Streams streams, String[] args) {
    boolean one = args.length > 0 && commands.contains(args[0]);
    List<Command> offered =
        (one ? List.of(args[0]) : commands)
            .stream().map(name -> Objects.requireNonNull(maker.apply(name, streams))).toList();
    // A writer of picocli's own would swallow a full disk.
    StringWriter help = new StringWriter();
    try {
      Command command = new Picocli(home, offered, new PrintWriter(help)).read(args);
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
      int status = fail(streams, NAME + " " + command.syntax().name(), describe(e));
      return e instanceof CommandFailure failure ? failure.exitCode() : status;
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

  /** Returns the one line that says what went wrong. */
  public static String describe(Exception e) {
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
