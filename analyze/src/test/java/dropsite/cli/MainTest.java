package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dropsite.command.ExitCode;
import dropsite.command.Output;
import dropsite.command.Program;
import dropsite.command.Streams;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "addr2line --help",
        "faddr2line --help",
        "symbolize --help",
        "analyze --help"
      })
  void everyHelpShowsExamples(String command) {
    CommandRun run = CommandRun.of(command.split(" ", -1));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: dropsite", "Examples:", "Exit code:");
    assertThat(run.out().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    assertThat(run.err()).isEmpty();
  }

  @Test
  void theHelpListsEveryCommand() {
    assertThat(CommandRun.of("--help").out())
        .contains("  analyze ", "  symbolize ", "  faddr2line ", "  addr2line ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | dropsite: ",
        "nosuch | dropsite: ",
        "addr2line -x | dropsite addr2line: ",
        "addr2line -e | dropsite addr2line: ",
        "faddr2line | dropsite faddr2line: ",
        "faddr2line vmlinux | dropsite faddr2line: ",
        "faddr2line --nosuch a b | dropsite faddr2line: "
      })
  void wrongUsageIsOneLineThatSaysWhereHelpIs(String command, String name) {
    CommandRun run = CommandRun.of(command.isEmpty() ? new String[0] : command.split(" ", -1));
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith(name.strip()).endsWith(" --help)\n");
  }

  @Test
  void whatGoesWrongAfterwardsIsNotToldAsAFailure() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            InputStream.nullInputStream(),
            new Output(OutputStream.nullOutputStream()),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    streams
        .afterwards()
        .add(() -> {
          throw new IllegalStateException("mistake");
        });
    assertThatNoException().isThrownBy(() -> Program.doAfterwards(streams));
    assertThat(err.size()).isZero();
  }

  @Test
  void aFileSystemsProblemWithoutAReasonIsNamedByItsKind() {
    assertThat(Program.describe(new DirectoryNotEmptyException("folder")))
        .isEqualTo("folder: DirectoryNotEmptyException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "addr2line -v", "addr2line --version", "faddr2line -V"})
  void everyCommandKnowsTheVersion(String command) {
    CommandRun run = CommandRun.of(command.split(" ", -1));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("dropsite ").hasLineCount(1);
  }
}
