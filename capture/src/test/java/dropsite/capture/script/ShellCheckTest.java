package dropsite.capture.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What shellcheck says of the shell script that runs on boxes. */
@Tag("peers")
final class ShellCheckTest {

  @Test
  void captureShIsClean() throws Exception {
    Process shellcheck =
        new ProcessBuilder("shellcheck", Path.of("..", "bpf", "capture.sh").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(shellcheck.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shellcheck.waitFor()).as(said).isZero();
  }
}
