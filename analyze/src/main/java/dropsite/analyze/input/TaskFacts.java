package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/** What lines of the kernel log tell about the task whose stack comes. */
final class TaskFacts {

  /** Where kernels before 5.11 print a task's state, in the line that its stack follows. */
  private static final int OLD_STATE = 16;

  private static final String OLD_STATES = "RSDTtXZPIKW";

  private TaskFacts() {}

  /**
   * Returns whether a line is {@code bash S 0 1234 1 0x00000080}, the name padded to 15 and behind
   * the state, where not left out, {@code running task} or an address.
   */
  static boolean isOldTask(String line) {
    if (line.length() <= OLD_STATE + 20
        || line.charAt(OLD_STATE - 1) != ' '
        || OLD_STATES.indexOf(line.charAt(OLD_STATE)) < 0
        || line.charAt(OLD_STATE + 1) != ' ') {
      return false;
    }
    String[] words = line.substring(OLD_STATE).split(" +", -1);
    int last = words.length - 1;
    return last >= 4
        && words[last].length() == "0x00000000".length()
        && words[last].startsWith("0x")
        && number(words[last - 1]) != null
        && number(words[last - 2]) != null
        && number(words[last - 3]) != null;
  }

  /** Returns what a line tells; {@link EventFacts#NONE} when it tells nothing. */
  static EventFacts of(String line) {
    if (line.startsWith("CPU: ") || line.startsWith("WARNING: CPU: ")) {
      // lib/dump_stack.c: dump_stack_print_info
      int pid = line.indexOf(" PID: ");
      return facts(
              commBetween(line, " Comm: "),
              pid < 0 ? null : number(line.substring(pid + " PID: ".length())))
          .on(release(line));
    }
    if (line.startsWith("Pid: ")) {
      return facts(commBetween(line, ", comm: "), number(line.substring("Pid: ".length())))
          .on(release(line));
    }
    if (line.startsWith("task:")) {
      // kernel/sched/core.c: sched_show_task
      return named(line, "task:", " state:", " pid:");
    }
    if (line.startsWith("INFO: task ")) {
      int end = line.lastIndexOf(" blocked for more than ");
      return end < 0 ? EventFacts.NONE : named(line.substring(0, end), "INFO: task ", ":", ":");
    }
    if (line.startsWith("Process ")) {
      return named(line, "Process ", " (pid: ", " (pid: ");
    }
    if (line.startsWith("comm \"")) {
      return named(line, "comm \"", "\", pid ", "\", pid ");
    }
    if (isOldTask(line)) {
      String[] words = line.substring(OLD_STATE).split(" +", -1);
      return facts(line.substring(0, OLD_STATE).strip(), number(words[words.length - 3]));
    }
    if (line.startsWith("page last ") || line.startsWith("page allocated ")) {
      return facts(null, numberBehind(line, " pid "));
    }
    return line.regionMatches(true, 0, "Allocated by task ", 0, 18)
            || line.regionMatches(true, 0, "Freed by task ", 0, 14)
        ? facts(null, numberBehind(line, "by task "))
        : EventFacts.NONE;
  }

  /** Reads a name between two texts, the last of them as a name may hold it, and the pid. */
  private static EventFacts named(String line, String before, String behind, String beforePid) {
    int end = line.lastIndexOf(behind);
    return end < before.length()
        ? EventFacts.NONE
        : facts(
            line.substring(before.length(), end).strip(),
            numberBehind(line.substring(end), beforePid));
  }

  private static EventFacts facts(@Nullable String comm, @Nullable Integer pid) {
    return EventFacts.ofTask(comm == null || comm.isEmpty() ? null : comm, pid);
  }

  /** Returns the name up to the taints that follow; a name may hold the same words itself. */
  private static @Nullable String commBetween(String line, String before) {
    int begin = line.indexOf(before);
    int end = taints(line);
    return begin < 0 || end < begin + before.length()
        ? null
        : line.substring(begin + before.length(), end);
  }

  private static int taints(String line) {
    return Math.max(line.lastIndexOf(" Not tainted"), line.lastIndexOf(" Tainted:"));
  }

  /**
   * Returns the release between the taints, which are letters, and the number of the build; null
   * when there is none.
   */
  private static @Nullable String release(String line) {
    int taints = taints(line);
    int build = taints < 0 ? -1 : line.indexOf(" #", taints);
    if (build < 0) {
      return null;
    }
    int begin = line.lastIndexOf(' ', build - 1) + 1;
    // Before 2.6.33 in parentheses.
    begin += line.charAt(begin) == '(' ? 1 : 0;
    char first = line.charAt(begin);
    return begin > taints
            && first >= '0'
            && first <= '9'
            && line.substring(begin, build).chars().allMatch(c -> c > ' ' && c < 0x7f)
        ? line.substring(begin, build)
        : null;
  }

  private static @Nullable Integer numberBehind(String line, String before) {
    int begin = line.lastIndexOf(before);
    return begin < 0 ? null : number(line.substring(begin + before.length()));
  }

  private static @Nullable Integer number(String text) {
    LineCursor cursor = LineCursor.of(text);
    cursor.skipBlanks();
    Long number = cursor.number();
    return number == null || number > Integer.MAX_VALUE ? null : Integer.valueOf(number.intValue());
  }
}
