package dropsite.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reports as {@code dropsite analyze --html} writes them. */
final class WrittenReport {
  private static final Path TESTDATA = Path.of("..", "testdata");

  private WrittenReport() {}

  /** Returns a capture of the lab; one that a test wrote has an absolute path. */
  static Path capture(String name) {
    return TESTDATA.resolve("captures").resolve(name);
  }

  /** Writes that of some captures of the lab's 6.12, with the symbols that this repository has. */
  static Path of(Path folder, String... captures) throws IOException, InterruptedException {
    Path file = folder.resolve("report.html").toAbsolutePath();
    Path symbols = TESTDATA.resolve("symbols");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dropsite.cli.Main",
                "analyze",
                "--vmlinux",
                symbols.resolve("vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz").toString(),
                "--modules",
                symbols.resolve("modules-6.12.117+deb12-cloud-amd64").toString(),
                "--no-index-cache",
                "--html",
                file.toString()));
    Arrays.stream(captures).forEach(name -> command.add(capture(name).toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectErrorStream(true)
            .start();
    assertThat(process.waitFor()).as("exit code of dropsite").isZero();
    return file;
  }
}
