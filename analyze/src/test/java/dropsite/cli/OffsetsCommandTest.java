package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OffsetsCommandTest {
  @Test
  void aFileWithoutTheStructuresIsRefused() {
    String file = CommandRun.fixture("clang-v5");
    CommandRun run = CommandRun.of("offsets", file);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("dropsite offsets: " + file + ": describes none of the structures");
  }

  @Test
  void aFileThatIsNoKernelIsRefused() {
    String file = CommandRun.fixture("clang-v5-m32");
    assertThat(CommandRun.of("offsets", file))
        .isEqualTo(
            new CommandRun(1, "", "dropsite offsets: " + file + ": is no kernel of 64 bits\n"));
  }
}
