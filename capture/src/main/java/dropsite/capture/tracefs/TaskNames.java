package dropsite.capture.tracefs;

import dropsite.capture.DropEvent.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Processes and names of threads, of which records give the number only. Asked of /proc when the
 * record is read: of threads that have ended by then, the kernel may still know the name.
 */
final class TaskNames {
  private static final int MOST_KEPT = 4096;
  private static final long KEPT_NANOS = 1_000_000_000L;

  /** What saved_cmdlines prints of threads whose name it does not know. */
  private static final String UNKNOWN = "<...>";

  private static final Pattern PROCESS = Pattern.compile("(?m)^Tgid:\\s*(\\d{1,9})$");

  /** What was learnt about a thread, and when; numbers are used again. */
  private record Known(int pid, String comm, long nanos) {}

  private final Path proc;
  private final Path savedNames;
  private final Map<Integer, Known> known = new LinkedHashMap<>();
  private String saved = "";
  private long savedNanos = Long.MIN_VALUE / 2;

  /**
   * @param proc /proc
   * @param savedNames the names that the kernel keeps for tracing (saved_cmdlines)
   */
  TaskNames(Path proc, Path savedNames) {
    this.proc = proc;
    this.savedNames = savedNames;
  }

  /**
   * @param tid thread
   * @param comm its name if the record has it, otherwise empty
   */
  Task of(int tid, String comm, boolean interrupted) {
    if (tid == 0) {
      // The idle task is in no folder of /proc, and named after its CPU.
      return new Task(0, 0, comm.isEmpty() ? "swapper" : comm, 0, interrupted);
    }
    long now = System.nanoTime();
    Known task = known.get(tid);
    if (task == null || now - task.nanos > KEPT_NANOS) {
      task = ask(tid, now);
      if (known.size() >= MOST_KEPT) {
        known.clear();
      }
      known.put(tid, task);
    }
    return new Task(task.pid, tid, comm.isEmpty() ? task.comm : comm, 0, interrupted);
  }

  private Known ask(int tid, long now) {
    try {
      Path folder = proc.resolve(Integer.toString(tid));
      Matcher process =
          PROCESS.matcher(Files.readString(folder.resolve("status"), StandardCharsets.ISO_8859_1));
      String comm = Files.readString(folder.resolve("comm"), StandardCharsets.ISO_8859_1);
      return new Known(
          process.find() ? Integer.parseInt(process.group(1)) : tid,
          comm.endsWith("\n") ? comm.substring(0, comm.length() - 1) : comm,
          now);
    } catch (IOException e) {
      return new Known(tid, saved(tid, now), now); // it has ended
    }
  }

  private String saved(int tid, long now) {
    if (now - savedNanos > KEPT_NANOS) {
      savedNanos = now;
      try {
        saved = Files.readString(savedNames, StandardCharsets.ISO_8859_1);
      } catch (IOException e) {
        saved = ""; // a name more or less is no reason to stop
      }
    }
    // A name may hold any byte but the end of a line.
    Matcher name = Pattern.compile("(?dm)^" + tid + " (.{1,15})$").matcher(saved);
    return name.find() && !name.group(1).equals(UNKNOWN) ? name.group(1) : "";
  }
}
