package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
    CommandRunTo run = new CommandRunTo("Broken pipe");
    assertThat(run.exitCode).isZero();
    assertThat(run.err).isEmpty();
  }

  @Test
  void aFullDiskIsAnError() {
    CommandRunTo run = new CommandRunTo("No space left on device");
    assertThat(run.exitCode).isEqualTo(ExitCode.FAILED);
    assertThat(run.err)
        .isEqualTo("dropsite: cannot write to standard output: No space left on device\n");
  }

  @Test
  void afterAFailureNothingIsSentTwice() {
    Output failing = new Output(new Failing("Broken pipe"));
    failing.text("x");
    assertThatThrownBy(failing::flush).isInstanceOf(Output.ReaderGone.class);
    failing.flush();
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  /** A run whose standard output fails. */
  private static final class CommandRunTo {
    final int exitCode;
    final String err;

    CommandRunTo(String problem) {
      ByteArrayOutputStream messages = new ByteArrayOutputStream();
      exitCode =
          Main.run(
              new Streams(
                  new ByteArrayInputStream(new byte[0]),
                  new Output(new Failing(problem)),
                  new PrintStream(messages, true, StandardCharsets.UTF_8)),
              "addr2line",
              "-e",
              CommandRun.fixture("gcc-v5"),
              "401360");
      err = messages.toString(StandardCharsets.UTF_8);
    }
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
