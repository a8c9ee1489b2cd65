package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Other people's programs, run for comparison. */
final class PeerTool {
  private static final Pattern PATH_SEPARATOR = Pattern.compile(":");
  private static final int LIMIT_SECONDS = 120;

  private PeerTool() {}

  /** Skips the test, saying why, unless a program is installed. */
  static void assumeInstalled(String program, String howToGetIt) {
    boolean found =
        PATH_SEPARATOR
            .splitAsStream(System.getenv().getOrDefault("PATH", ""))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    assumeTrue(found, program + " is not installed: " + howToGetIt);
  }

  /** Runs a program to its end, which must be a good one, and returns its standard output. */
  static String run(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    int exitCode = finish(folder, environment, out, command);
    String text = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(exitCode).as("%s: %s", Arrays.toString(command), text).isZero();
    return text;
  }

  /** Returns whether a program comes to a good end. */
  static boolean succeeds(Path folder, String... command) throws IOException, InterruptedException {
    return finish(folder, Map.of(), Path.of("/dev/null"), command) == 0;
  }

  private static int finish(
      Path folder, Map<String, String> environment, Path out, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(out.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
          .as("%s ends within %s s", Arrays.toString(command), LIMIT_SECONDS)
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }
}
