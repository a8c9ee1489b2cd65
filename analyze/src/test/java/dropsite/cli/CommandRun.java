package dropsite.cli;

import dropsite.command.Output;
import dropsite.command.Program;
import dropsite.command.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;

/**
 * One finished run of a command.
 *
 * @param exitCode of the process, had it been one
 * @param out what went to standard output
 * @param err what went to standard error
 */
record CommandRun(int exitCode, String out, String err) {
  /** The binaries that tests read. */
  static final Path FIXTURES = Path.of("..", "testdata", "fixtures", "bin");

  static CommandRun of(String... args) {
    return withInput("", args);
  }

  static CommandRun withInput(String input, String... args) {
    return in(Map.of(), input, args);
  }

  /** Runs a command and what it leaves to be done afterwards, in an environment. */
  static CommandRun in(Map<String, String> environment, String input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new Output(out),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            new ArrayList<>());
    int exitCode = Main.PROGRAM.run(streams, args);
    Program.doAfterwards(streams);
    return new CommandRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static String fixture(String name) {
    return FIXTURES.resolve(name).toString();
  }
}
