package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.command.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Places in linked files and modules, against what the kernel's scripts/faddr2line printed. */
final class Faddr2LineGoldenTest {
  @Test
  void printsWhatTheScriptPrintsOnBothStreams() throws IOException {
    Map<String, String> answers =
        RecordedAnswers.blocks(Addr2LineGoldenTest.RECORDED.resolve("script.txt"));
    assertThat(answers).hasSizeGreaterThan(20);
    List<String> wrong = new ArrayList<>();
    answers.forEach((command, answer) -> {
      CommandRun run = CommandRun.of(arguments(command));
      String messages =
          run.err().lines().map(line -> "! " + line + "\n").collect(Collectors.joining());
      if (!(run.out() + messages).equals(answer)) {
        wrong.add("$ " + command + "\n" + run.out() + messages + "instead of\n" + answer);
      }
      if (run.exitCode() != (messages.isEmpty() ? ExitCode.OK : ExitCode.FAILED)) {
        wrong.add("$ " + command + "\nends with " + run.exitCode());
      }
    });
    assertThat(wrong).isEmpty();
  }

  private static String[] arguments(String command) {
    List<String> arguments = new ArrayList<>(List.of("faddr2line"));
    arguments.addAll(Arrays.asList(command.split(" ", -1)));
    arguments.set(1, CommandRun.fixture(arguments.get(1)));
    return arguments.toArray(String[]::new);
  }
}
