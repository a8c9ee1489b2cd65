package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/** What lines of the kernel log tell about the task whose stack comes. */
final class TaskFacts {

  private TaskFacts() {}

  /** Returns what a line tells; {@link EventFacts#NONE} when it tells nothing. */
  static EventFacts of(String line) {
    if (line.startsWith("CPU: ") || line.startsWith("WARNING: CPU: ")) {
      // lib/dump_stack.c: dump_stack_print_info
      return facts(commBetween(line, " Comm: "), numberBehind(line, " PID: "));
    }
    if (line.startsWith("Pid: ")) {
      return facts(commBetween(line, ", comm: "), numberBehind(line, "Pid: "));
    }
    if (line.startsWith("task:")) {
      // kernel/sched/core.c: sched_show_task
      int end = line.lastIndexOf(" state:");
      String comm = end < 0 ? null : line.substring("task:".length(), end).strip();
      return facts(comm, end < 0 ? null : numberBehind(line.substring(end), " pid:"));
    }
    if (line.startsWith("INFO: task ")) {
      int end = line.lastIndexOf(" blocked for more than ");
      int colon = end < 0 ? -1 : line.lastIndexOf(':', end);
      return colon < 0
          ? EventFacts.NONE
          : facts(line.substring("INFO: task ".length(), colon), number(line.substring(colon + 1)));
    }
    if (line.startsWith("Process ")) {
      int pid = line.lastIndexOf(" (pid: ");
      return pid < 0
          ? EventFacts.NONE
          : facts(line.substring("Process ".length(), pid), numberBehind(line, " (pid: "));
    }
    if (line.startsWith("comm \"")) {
      int end = line.lastIndexOf("\", pid ");
      return end < 0
          ? EventFacts.NONE
          : facts(line.substring("comm \"".length(), end), numberBehind(line, "\", pid "));
    }
    if (line.startsWith("page last ") || line.startsWith("page allocated ")) {
      return facts(null, numberBehind(line, " pid "));
    }
    return line.regionMatches(true, 0, "Allocated by task ", 0, 18)
            || line.regionMatches(true, 0, "Freed by task ", 0, 14)
        ? facts(null, numberBehind(line, "by task "))
        : EventFacts.NONE;
  }

  private static EventFacts facts(@Nullable String comm, @Nullable Integer pid) {
    return EventFacts.ofTask(comm == null || comm.isEmpty() ? null : comm, pid);
  }

  /** Returns the name up to the taints that follow; a name may hold the same words itself. */
  private static @Nullable String commBetween(String line, String before) {
    int begin = line.indexOf(before);
    int end = Math.max(line.lastIndexOf(" Not tainted"), line.lastIndexOf(" Tainted:"));
    return begin < 0 || end < begin + before.length()
        ? null
        : line.substring(begin + before.length(), end);
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
