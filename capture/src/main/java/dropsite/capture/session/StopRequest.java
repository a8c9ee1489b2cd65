package dropsite.capture.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Whether the recording is to end: someone interrupts or terminates the process, or the process
 * that started it is gone.
 *
 * <p>Started by nohup, which ignores SIGHUP, a recording outlives its parent, as anyone would
 * expect.
 */
final class StopRequest implements AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** The bit of signal 1 in the masks of /proc/PID/status (proc_pid_status(5)). */
  private static final long SIGHUP_BIT = 1;

  /** How long the end of a recording may take, snapshot included, before the JVM ends it. */
  private static final long PATIENCE_SECONDS = 90;

  private final Thread hook = new Thread(this::interrupted, "stop request");
  private final long parent;
  private volatile boolean made;

  private StopRequest(long parent) {
    this.parent = parent;
  }

  /** Listens from now on. */
  static StopRequest listen() {
    long parent = ignoresHangup() ? 0 : parent();
    StopRequest request = new StopRequest(parent);
    Runtime.getRuntime().addShutdownHook(request.hook);
    return request;
  }

  /** Returns whether the recording is to end. */
  boolean made() {
    return made;
  }

  /** Notices that the process that started this one is gone. */
  void lookForParent() {
    if (parent > 1 && parent() != parent) {
      made = true;
    }
  }

  private void interrupted() {
    made = true;
    try {
      // The process goes on until this thread ends; the recording ends it before.
      TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: whoever ends it waits for the hook, until the exit code is set.
      return;
    }
  }

  private static long parent() {
    return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
  }

  private static boolean ignoresHangup() {
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("SigIgn:")) {
          String mask = line.substring(line.indexOf(':') + 1).strip();
          return (Long.parseUnsignedLong(mask, 16) & SIGHUP_BIT) != 0;
        }
      }
    } catch (IOException | NumberFormatException e) {
      return false;
    }
    return false;
  }
}
