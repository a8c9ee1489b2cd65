package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The help texts, whole: {@code testdata/golden/help} has what {@code --help} is to print. */
final class HelpTest {
  private static final Path GOLDEN = Path.of("..", "testdata", "golden", "help");

  @ParameterizedTest
  @ValueSource(
      strings = {
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
        "rules"
      })
  void everyCommandPrintsItsHelp(String command) throws IOException {
    String help = Files.readString(GOLDEN.resolve(command + ".txt"));
    assertThat(CommandRun.of(command, "--help")).isEqualTo(new CommandRun(0, help, ""));
    assertThat(CommandRun.of(command, "-h")).isEqualTo(new CommandRun(0, help, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "--he"})
  void theProgramPrintsItsHelp(String option) throws IOException {
    String help = Files.readString(GOLDEN.resolve("dropsite.txt"));
    assertThat(CommandRun.of(option)).isEqualTo(new CommandRun(0, help, ""));
  }
}
