package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.command.ExitCode;
import dropsite.command.Output;
import dropsite.command.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutputTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Output out = new Output(written);

  @Test
  void keepsResultsUntilFlushed() {
    out.text("a").number(5).newline();
    assertThat(written.size()).isZero();
    out.flush();
    assertThat(text()).isEqualTo("a5\n");
  }

  @Test
  void writesUtf8WhateverTheLength() {
    String longText = "größe".repeat(20_000);
    out.text(longText).text("ü").text("x".repeat(70_000)).flush();
    assertThat(text()).isEqualTo(longText + "ü" + "x".repeat(70_000));
  }

  @Test
  void namesCannotCommandTheTerminal() {
    out.name("evil\u001b[2Jname").flush();
    assertThat(text()).doesNotContain("\u001b").startsWith("evil");
  }

  @Test
  void aReaderThatWantsNoMoreEndsTheCommandQuietly() {
    assertThat(runInto("Broken pipe", "", "401360")).isEqualTo(new CommandRun(0, "", ""));
    // While the command runs, not at its end.
    assertThat(runInto("Broken pipe", "401360\n")).isEqualTo(new CommandRun(0, "", ""));
  }

  @Test
  void aFullDiskIsAnError() {
    String problem = "cannot write to standard output: No space left on device\n";
    CommandRun failed = new CommandRun(ExitCode.FAILED, "", "dropsite addr2line: " + problem);
    assertThat(runInto("No space left on device", "", "401360")).isEqualTo(failed);
    assertThat(runInto("No space left on device", "401360\n")).isEqualTo(failed);
  }

  @Test
  void afterAFailureNothingIsSentTwice() {
    Output failing = new Output(new Failing("Broken pipe"));
    failing.text("x");
    assertThatThrownBy(failing::flush).isInstanceOf(Output.ReaderGone.class);
    failing.flush();
  }

  @Test
  void linesPassedThroughCannotCommandTheTerminal() {
    String input = "\tevil\u001b[2J größe\r\n";
    assertThat(symbolized(input, true)).isEqualTo("\tevil\\x1b[2J größe\r\n");
    assertThat(symbolized(input, false)).isEqualTo(input);
  }

  private static String symbolized(String input, boolean terminal) {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new Output(shown, terminal),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    assertThat(Main.PROGRAM.run(streams, "symbolize")).isEqualTo(ExitCode.FAILED);
    return shown.toString(StandardCharsets.UTF_8);
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  /** Runs addr2line with a standard output that fails. */
  private static CommandRun runInto(String problem, String input, String... addresses) {
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new Output(new Failing(problem)),
            new PrintStream(messages, true, StandardCharsets.UTF_8));
    List<String> args = new ArrayList<>(List.of("addr2line", "-e", CommandRun.fixture("gcc-v5")));
    args.addAll(List.of(addresses));
    int exitCode = Main.PROGRAM.run(streams, args.toArray(String[]::new));
    return new CommandRun(exitCode, "", messages.toString(StandardCharsets.UTF_8));
  }

  private static final class Failing extends OutputStream {
    private final String problem;

    Failing(String problem) {
      this.problem = problem;
    }

    @Override
    public void write(int value) throws IOException {
      throw new IOException(problem);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        throw new IOException(problem);
      }
    }
  }
}
