package dropsite.capture.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.command.ExitCode;
import dropsite.command.Output;
import dropsite.command.Streams;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a command line is said before anything is attached or written. */
final class CaptureCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) {
    return Main.PROGRAM.run(
        new Streams(
            InputStream.nullInputStream(),
            new Output(out),
            new PrintStream(err, true, StandardCharsets.UTF_8)),
        words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--duration soon | --duration: expected a time such as 30s, 5m or 1h, found \"soon\"",
        "--max-bytes 5x | --max-bytes: expected a size such as 64K, 8M or 1G, found \"5x\"",
        "--max-events few | --max-events: expected a number such as 1000, 10k or 1M, found \"few\"",
        "--snaplen 4096 | --snaplen: expected 0 to 2048, found 4096",
        "--buffer 1k | --buffer: expected 65536 to 1073741824, found 1024",
        "--source dtrace | --source: expected bpf, tracefs or auto, found \"dtrace\"",
        "--compress rar | --compress: expected gzip or zstd, found \"rar\"",
        "--keep 3 | --keep: needs --rotate-size or --rotate-every",
        "--rotate-size 0 | --rotate-size: expected more than 0",
        "-o - --rotate-size 1M | standard output cannot be rotated",
        "--port 70000 | --port: \"70000\" is no number from 1 to 65535",
        "--no-snapshot nftt | --no-snapshot: no part is called \"nftt\""
      })
  void mistakesAreOneLine(String words, String problem) {
    assertThat(run(("capture " + words).split(" ", -1))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8).lines().toList())
        .singleElement()
        .asString()
        .startsWith("dropsite capture: " + problem);
    assertThat(out.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"capture", "doctor"})
  void helpShowsExitCodes(String command) {
    assertThat(run(command, "--help")).isEqualTo(ExitCode.OK);
    String help = out.toString(StandardCharsets.UTF_8);
    assertThat(help).startsWith("Usage: dropsite " + command).contains("Exit code: 0 ");
    assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }

  @Test
  void theProgramListsItsCommands() {
    assertThat(run("--help")).isEqualTo(ExitCode.OK);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("  capture ", "  doctor ");
    assertThat(
            Main.command(
                "analyze",
                new Streams(
                    InputStream.nullInputStream(),
                    new Output(OutputStream.nullOutputStream()),
                    new PrintStream(err, true, StandardCharsets.UTF_8))))
        .isNull();
  }

  @Test
  void doctorTellsOfEachSource() {
    // What it finds depends on the box; that it judges every source does not.
    int status = run("doctor");
    String table = out.toString(StandardCharsets.UTF_8);
    assertThat(table.lines().map(line -> line.strip().split(" +", -1)))
        .extracting(words -> words.length > 1 ? words[1] : "")
        .contains("bpf", "tracefs", "bpftrace", "capture.sh");
    assertThat(status).isIn(ExitCode.OK, ExitCode.FAILED);
    assertThat(err.size()).isZero();
  }
}
