package dropsite.capture.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others named does not end a recording. */
final class HostFilesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  private Path folder;

  @Test
  void namesThatCannotBeAskedForAreLeftOut() throws Exception {
    Process shell =
        new ProcessBuilder(
                "sh", "-c", "mkdir conf && cd conf && mkdir eth0 \"$(printf 'a\\377b')\"")
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertThat(shell.waitFor()).isZero();
    HostFiles files = new HostFiles(folder);
    assertThat(files.names("conf")).containsExactly("eth0");
    assertThat(files.names("conf")).allMatch(name -> files.has("conf/" + name));
  }
}
