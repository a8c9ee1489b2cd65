package dropsite.cli;

import dropsite.command.Command;
import dropsite.command.Program;
import dropsite.command.Streams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All commands in one program. */
public final class Main {
  static final Program PROGRAM =
      new Program(
          Main.class,
          List.of(
              "capture",
              "doctor",
              "analyze",
              "diff",
              "merge",
              "symbolize",
              "identify",
              "faddr2line",
              "addr2line",
              "index",
              "offsets",
              "rules"),
          Main::command);

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    PROGRAM.runAndExit(args);
  }

  private static @Nullable Command command(String name, Streams streams) {
    return switch (name) {
      case "analyze" -> new AnalyzeCommand(streams);
      case "diff" -> new DiffCommand(streams);
      case "merge" -> new MergeCommand(streams);
      case "symbolize" -> new SymbolizeCommand(streams);
      case "identify" -> new IdentifyCommand(streams);
      case "faddr2line" -> new Faddr2LineCommand(streams);
      case "addr2line" -> new Addr2LineCommand(streams);
      case "index" -> new IndexCommand(streams);
      case "offsets" -> new OffsetsCommand(streams);
      case "rules" -> new RulesCommand(streams);
      default -> dropsite.capture.cli.Main.command(name, streams);
    };
  }
}
