package dropsite.capture.script;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts on the kernel that runs the tests: needs root, tracefs, bpftrace, dash, busybox. */
@Tag("host")
final class ScriptsOnThisKernelTest {
  private static final Path TRACING = Path.of("/sys/kernel/tracing");
  private static final Path CAPTURE = Path.of("..", "bpf", "capture.sh");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"dash", "busybox ash"})
  void capturePutsDropsIntoOneTextAndLeavesNothing(String shell) throws Exception {
    Path out = folder.resolve("drops.txt");
    Process capture = start(shell, CAPTURE, "-o", out, "--no-snapshot");
    awaitLine(folder.resolve("said"), "recording");
    int port = dropOne();
    Thread.sleep(1500);
    capture.destroy();
    assertThat(capture.waitFor(30, SECONDS)).isTrue();
    assertThat(capture.exitValue()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
        .isEqualTo("rw-------");
    assertThat(Files.readAllLines(out))
        .as("a drop of port %d", port)
        .startsWith("==> dropsite-capture 1 <==")
        .endsWith("==> end <==")
        .anyMatch(line -> line.contains(" skbaddr="))
        .anyMatch(line -> line.matches("  => .* <[0-9a-f]{16}>"))
        .allMatch(line -> line.startsWith(" ") || line.matches("==> .* <=="));
    assertThat(instances()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "busybox ash"})
  void theInstanceOfAKilledRunGoesToo(String shell) throws Exception {
    Process capture = start(shell, CAPTURE, "-o", folder.resolve("drops.txt"), "--no-snapshot");
    awaitLine(folder.resolve("said"), "recording");
    assertThat(instances()).hasSize(1);
    capture.destroyForcibly().waitFor();
    for (int i = 0; i < 100 && !instances().isEmpty(); i++) {
      Thread.sleep(100);
    }
    assertThat(instances()).isEmpty();
  }

  @Test
  void aFileThatExistsIsNotTouched() throws Exception {
    Path out = Files.writeString(folder.resolve("precious"), "kept");
    Process capture = start("dash", CAPTURE, "-o", out, "-d", "1");
    assertThat(capture.waitFor()).isEqualTo(1);
    assertThat(out).hasContent("kept");
    assertThat(instances()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"drops.bt", "drops-noreason.bt"})
  void bpftracePrintsDropsWithTheirPacket(String script) throws Exception {
    Process bpftrace = start("bpftrace", Path.of("..", "bpf", script));
    awaitLine(folder.resolve("printed"), "==> events <==");
    int port = dropOne();
    awaitLine(folder.resolve("printed"), " dport=" + port + " ");
    bpftrace.destroy();
    assertThat(bpftrace.waitFor(30, SECONDS)).isTrue();
    List<String> lines = Files.readAllLines(folder.resolve("printed"));
    assertThat(lines)
        .anyMatch(line -> line.matches("EV \\d+ .* src=127.0.0.1 dst=127.0.0.1 ipproto=17 .*"))
        .anyMatch(line -> line.matches("\t[0-9a-f]{16} .*"));
    assertThat(lines.stream().anyMatch(line -> line.contains(" reason=")))
        .isEqualTo(script.equals("drops.bt"));
  }

  /** Sends a packet to a port that nobody listens at, and returns it. */
  private static int dropOne() throws IOException {
    InetAddress here = InetAddress.ofLiteral("127.0.0.1");
    int port;
    try (DatagramSocket closed = new DatagramSocket(new InetSocketAddress(here, 0))) {
      port = closed.getLocalPort();
    }
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(new byte[8], 8, here, port));
    }
    return port;
  }

  private Process start(String program, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.split(" ", -1)));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return new ProcessBuilder(command)
        .redirectError(folder.resolve("said").toFile())
        .redirectOutput(folder.resolve("printed").toFile())
        .start();
  }

  private static void awaitLine(Path file, String part) throws Exception {
    for (int i = 0; i < 300; i++) {
      if (Files.exists(file) && Files.readString(file).contains(part)) {
        return;
      }
      Thread.sleep(100);
    }
    assertThat(file).content().contains(part);
  }

  private static List<String> instances() throws IOException {
    try (Stream<Path> instances = Files.list(TRACING.resolve("instances"))) {
      return instances
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("dropsite-sh."))
          .toList();
    }
  }
}
