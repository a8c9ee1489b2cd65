package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command that fails would train the cache with little more than the printing of its error. */
final class RehearsalTest {
  @TempDir private Path caches = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"lookup", "dropsite"})
  void everyCommandOfTheRehearsalDoesItsWork(String rehearsal) throws Exception {
    List<String> commands =
        Files.readAllLines(Path.of("src", "rehearsal", rehearsal + ".txt")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(commands).isNotEmpty();
    for (String command : commands) {
      ByteArrayOutputStream messages = new ByteArrayOutputStream();
      // The rehearsal runs in the root of the tree, tests in the folder of their module.
      String here = command.replace("testdata/", "../testdata/");
      int exitCode = Rehearsal.run(caches, messages, here.split(" ", -1));
      assertThat(exitCode)
          .as("%s: %s", command, messages.toString(StandardCharsets.UTF_8))
          .isZero();
    }
  }
}
