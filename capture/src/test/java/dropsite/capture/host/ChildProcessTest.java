package dropsite.capture.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ChildProcessTest {
  private static final long PLENTY_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final ChildProcess runner = new ChildProcess();

  private Runner.Output run(long mostNanos, int mostBytes, String program, String... arguments)
      throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(runner.find(program).orElseThrow().toString()));
    command.addAll(List.of(arguments));
    return runner.run(command, mostNanos, mostBytes);
  }

  @Test
  void givesWhatAProgramPrints() throws InterruptedException {
    Runner.Output output = run(PLENTY_NANOS, 1000, "env");
    String text = new String(output.bytes(), StandardCharsets.ISO_8859_1);
    assertThat(output.problem()).isEmpty();
    assertThat(text.lines()).hasSize(2).allMatch(line -> line.matches("(PATH|LC_ALL)=.*"));
  }

  @Test
  void aProgramThatTakesTooLongIsKilled() throws InterruptedException {
    Runner.Output output = run(TimeUnit.MILLISECONDS.toNanos(50), 100, "sleep", "1000");
    assertThat(output.problem()).isEqualTo("took longer than 50 ms");
    assertThat(output.bytes()).isEmpty();
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }

  @Test
  void aProgramThatPrintsTooMuchIsKilled() throws InterruptedException {
    Runner.Output output = run(PLENTY_NANOS, 1000, "yes");
    assertThat(output.bytes()).hasSize(1000);
    assertThat(output.cut()).isTrue();
    assertThat(output.problem()).isEqualTo("gave more than 1000 bytes");
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }

  @Test
  void aProgramThatFailsSaysWhy() throws InterruptedException {
    assertThat(run(PLENTY_NANOS, 100, "ls", "/no/such/place").problem())
        .startsWith("failed with 2: ")
        .contains("No such file");
    assertThat(runner.run(List.of("/no/such/program"), PLENTY_NANOS, 100).problem())
        .startsWith("cannot be run");
  }
}
