package dropsite.analyze.input;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event as ftrace prints it: {@code comm-pid [cpu] flags seconds.micros: what}.
 *
 * @param comm of the task that ran, each byte as one char; it may hold anything, parts that look
 *     like this line's among it
 * @param pid of the thread
 * @param cpu that it ran on
 * @param timeNanos on the clock of the trace
 * @param what the event's name and fields, or {@code <stack trace>}
 */
record FtraceLine(String comm, int pid, int cpu, long timeNanos, String what) {
  /** The name that trace-cmd has for the event of a stack. */
  static final String STACK_EVENT = "kernel_stack:";

  /** What announces the stack of the event that the same CPU printed before. */
  private static final String STACK = "<stack trace>";

  private static final String USER_STACK = "<user stack trace>";
  private static final String USER_STACK_EVENT = "user_stack:";

  private static final int LONGEST_CHARS = 4096;

  /** Greedy at first: what comes last of all that looks like it is the kernel's own. */
  private static final Pattern LINE =
      Pattern.compile(
          "\\s*+(.*)-(\\d{1,9}) +(?:\\( *(?:\\d{1,9}|-{1,9})\\) +)?\\[(\\d{1,5})\\] +"
              + "(?:\\S{1,12} +)?(\\d{1,10})\\.(\\d{6})(\\d{3})?: (.*)",
          Pattern.DOTALL);

  /** Returns what a line says, or null when it is another. */
  static @Nullable FtraceLine of(String line) {
    if (line.length() > LONGEST_CHARS || !line.contains("] ")) {
      return null;
    }
    Matcher matcher = LINE.matcher(line);
    return matcher.matches()
        ? new FtraceLine(
            matcher.group(1),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3)),
            Long.parseLong(matcher.group(4)) * 1_000_000_000L
                + Long.parseLong(matcher.group(5)) * 1_000L
                + (matcher.group(6) == null ? 0 : Long.parseLong(matcher.group(6))),
            matcher.group(7))
        : null;
  }

  boolean announcesStack() {
    return what.equals(STACK) || what.startsWith(STACK_EVENT);
  }

  /** Returns whether what comes next is the stack of a program. */
  boolean announcesUserStack() {
    return what.equals(USER_STACK) || what.startsWith(USER_STACK_EVENT);
  }
}
