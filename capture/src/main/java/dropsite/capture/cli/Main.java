package dropsite.capture.cli;

import dropsite.command.Command;
import dropsite.command.Program;
import dropsite.command.Streams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands that run on the box, as a program of their own. */
public final class Main {
  /** Names of the commands, in the order of the help text. */
  public static final List<String> COMMANDS = List.of("capture", "doctor");

  static final Program PROGRAM = new Program(Main.class, COMMANDS, Main::command);

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    PROGRAM.runAndExit(args);
  }

  /** Makes a command; null for a name that is none of {@link #COMMANDS}. */
  public static @Nullable Command command(String name, Streams streams) {
    return switch (name) {
      case "capture" -> new CaptureCommand(streams);
      case "doctor" -> new DoctorCommand(streams);
      default -> null;
    };
  }
}
