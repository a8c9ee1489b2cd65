package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A real process behind real pipes, asked as perf asks addr2line (tools/perf/util/srcline.c): an
 * address, then a comma, whose answer ends that of the address.
 */
@Timeout(60)
final class PerfProtocolTest {
  private Process process;

  @BeforeEach
  void start() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dropsite.cli.Main",
                "addr2line",
                "-e",
                CommandRun.fixture("gcc-v5"),
                "-a",
                "-i",
                "-f")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  @AfterEach
  void stop() {
    process.destroyForcibly();
  }

  @Test
  void eachAnswerComesBeforeTheNextQuestion() throws Exception {
    BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
    // perf's first question tells it whether it talks to GNU's or LLVM's addr2line.
    send(",\n");
    assertThat(record(answers)).containsExactly("0x0000000000000000", "??", "??:0");
    assertThat(ask(answers, 0x401681))
        .containsExactly(
            "0x0000000000401681",
            "run_hook",
            "/fixture/include/h.h:59",
            "forward",
            "/fixture/b.c:58");
    assertThat(ask(answers, 0x401360))
        .containsExactly("0x0000000000401360", "parse", "/fixture/b.c:8");
    // Unknown: two records of question marks follow one another.
    assertThat(ask(answers, 0x10)).containsExactly("0x0000000000000010", "??", "??:0");
    assertThat(ask(answers, 0x401264)).contains("measure", "/fixture/a.c:64");
    process.outputWriter().close();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private List<String> ask(BufferedReader answers, long address) throws IOException {
    send("%016x\n,\n".formatted(address));
    List<String> lines = new ArrayList<>();
    for (String line = answers.readLine();
        !line.equals("0x0000000000000000");
        line = answers.readLine()) {
      lines.add(line);
    }
    assertThat(answers.readLine()).isEqualTo("??");
    assertThat(answers.readLine()).isEqualTo("??:0");
    return lines;
  }

  private static List<String> record(BufferedReader answers) throws IOException {
    return List.of(answers.readLine(), answers.readLine(), answers.readLine());
  }

  private void send(String text) throws IOException {
    OutputStream questions = process.getOutputStream();
    questions.write(text.getBytes(StandardCharsets.UTF_8));
    questions.flush();
  }
}
