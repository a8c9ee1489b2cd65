package dropsite.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileInTheMakingTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void staysOnlyWhenItIsWhole() throws IOException {
    FileInTheMaking whole = FileInTheMaking.at(Files.createFile(folder.resolve("whole")));
    whole.close();
    FileInTheMaking half = FileInTheMaking.at(Files.createFile(folder.resolve("half")));
    half.delete();
    assertThat(folder)
        .isDirectoryContaining("glob:**/whole")
        .isDirectoryNotContaining("glob:**/half");
  }

  /** Runs in a process of its own: makes a file, and waits to be ended. */
  static final class Unfinished {
    private Unfinished() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      FileInTheMaking.at(Files.createFile(Path.of(args[0])));
      System.out.println("ready");
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  @Test
  void goesWithTheProcess() throws IOException, InterruptedException {
    Path file = folder.resolve("unfinished");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                Unfinished.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
    assertThat(file).exists();
    process.destroy();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(file).doesNotExist();
  }
}
