package dropsite.capture.host;

import dropsite.text.SafeText;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs programs without a shell, with hardly an environment, bounded in time and output. */
final class ChildProcess implements Runner {
  /** Fixed: the user's PATH may lead anywhere. */
  private static final List<String> FOLDERS =
      List.of(
          "/usr/sbin",
          "/usr/bin",
          "/sbin",
          "/bin",
          "/usr/local/sbin",
          "/usr/local/bin",
          "/run/current-system/sw/bin");

  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", String.join(":", FOLDERS), "LC_ALL", "C");

  private static final int MOST_COMPLAINT_BYTES = 1024;
  private static final long KILLED_WITHIN_MILLIS = 1000;

  @Override
  public Optional<Path> find(String program) {
    return FOLDERS.stream()
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Override
  public String target(Path program) {
    try {
      return String.valueOf(program.toRealPath().getFileName());
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public Output run(List<String> command, long mostNanos, int mostBytes)
      throws InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(new File("/"))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    long endNanos = System.nanoTime() + mostNanos;
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return new Output(new byte[0], false, "cannot be run: " + e.getMessage());
    }
    try {
      Drain output = new Drain(process.getInputStream(), mostBytes);
      Drain complaints = new Drain(process.getErrorStream(), MOST_COMPLAINT_BYTES);
      boolean ended = output.await(endNanos);
      boolean exited =
          ended
              && !output.more()
              && process.waitFor(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      String problem = "";
      if (output.more()) {
        problem = "gave more than " + mostBytes + " bytes";
      } else if (!exited) {
        problem = "took longer than " + TimeUnit.NANOSECONDS.toMillis(mostNanos) + " ms";
      } else if (process.exitValue() != 0) {
        complaints.await(endNanos);
        problem = "failed with " + process.exitValue() + ": " + complaints.line();
      }
      return new Output(output.bytes(), output.more() || !ended, problem.strip());
    } finally {
      kill(process);
    }
  }

  private static void kill(Process process) throws InterruptedException {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      process.waitFor(KILLED_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Reads a pipe on a thread of its own, as far as wanted: reading cannot be given up otherwise.
   */
  private static final class Drain {
    private final Thread thread;
    private final int mostBytes;
    private volatile byte[] bytes = {};

    Drain(InputStream pipe, int mostBytes) {
      this.mostBytes = mostBytes;
      this.thread = Thread.ofPlatform().daemon().name("drain").start(() -> read(pipe));
    }

    private void read(InputStream pipe) {
      try (pipe) {
        bytes = pipe.readNBytes(mostBytes + 1);
      } catch (IOException e) {
        return; // the process was killed
      }
    }

    /** Waits for the end of the pipe, or until there is as much as wanted. */
    boolean await(long endNanos) throws InterruptedException {
      long millis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
      thread.join(Math.max(millis, 1));
      return !thread.isAlive();
    }

    boolean more() {
      return bytes.length > mostBytes;
    }

    byte[] bytes() {
      return more() ? Arrays.copyOf(bytes, mostBytes) : bytes;
    }

    /** The first line, safe to show. */
    String line() {
      String text = new String(bytes(), StandardCharsets.ISO_8859_1);
      return SafeText.of(text.lines().findFirst().orElse(""));
    }
  }
}
