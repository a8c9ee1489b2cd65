package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real perf that asks us instead of binutils. perf looks for {@code addr2line} in PATH (and, from
 * 6.4 on, in its option --addr2line); a perf that was built with libbfd asks nobody.
 */
@Tag("peers")
final class PerfPeersTest {
  private static final String PROGRAM =
      """
      static inline __attribute__((always_inline)) unsigned mix(unsigned x) {
        for (int i = 0; i < 60; i++)
          x = x * 1664525u + (x >> 7) + 1013904223u;
        return x;
      }

      __attribute__((noinline)) unsigned work(unsigned x) {
        for (volatile int i = 0; i < 4000000; i++)
          x = mix(x);
        return x;
      }

      int main(void) {
        volatile unsigned result = work(3);
        return result != result;
      }
      """;

  @TempDir Path folder;
  private Path calls = Path.of("");

  @BeforeEach
  void record() throws IOException, InterruptedException {
    PeerTool.assumeInstalled("perf", "apt install linux-perf");
    PeerTool.assumeInstalled("gcc", "apt install gcc");
    PeerTool.assumeInstalled("addr2line", "apt install binutils");
    assumeTrue(
        perf("version", "--build-options").matches("(?s).*libbfd: \\[ OFF \\].*"),
        "this perf has libbfd built in and asks no addr2line");
    Files.writeString(folder.resolve("program.c"), PROGRAM);
    PeerTool.run(folder, Map.of(), "gcc", "-O2", "-g", "-o", "program", "program.c");
    // A software event: virtual machines often have no hardware counters.
    boolean recorded =
        PeerTool.succeeds(
            folder, "perf record -q -N -e cpu-clock -F 199 -o perf.data ./program".split(" ", -1));
    assumeTrue(
        recorded,
        "perf may not record here: see kernel.perf_event_paranoid, or what a container may");
    calls = folder.resolve("calls");
    Path wrapper = Files.createDirectory(folder.resolve("bin")).resolve("addr2line");
    Files.writeString(
        wrapper,
        """
        #!/bin/sh
        echo "$@" >> '%s'
        exec '%s' --enable-native-access=ALL-UNNAMED -cp '%s' dropsite.cli.Main addr2line "$@"
        """
            .formatted(
                calls,
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void reportsBySourceLineAsWithBinutils() throws IOException, InterruptedException {
    compare("report", "-i", "perf.data", "--stdio", "-g", "none", "-s", "srcline");
  }

  @Test
  void printsTheSourceLineOfEverySampleAsWithBinutils() throws IOException, InterruptedException {
    compare("script", "-i", "perf.data", "-F", "ip,sym,srcline");
  }

  private void compare(String... command) throws IOException, InterruptedException {
    String theirs = perf(command);
    assertThat(theirs).contains("program.c:");
    assertThat(calls).doesNotExist();
    String path = calls.resolveSibling("bin") + ":" + System.getenv("PATH");
    assertThat(PeerTool.run(folder, Map.of("PATH", path), withPerf(command))).isEqualTo(theirs);
    assertThat(calls).isNotEmptyFile();
  }

  private String perf(String... command) throws IOException, InterruptedException {
    return PeerTool.run(folder, Map.of(), withPerf(command));
  }

  private static String[] withPerf(String... command) {
    String[] all = new String[command.length + 1];
    all[0] = "perf";
    System.arraycopy(command, 0, all, 1, command.length);
    return all;
  }
}
