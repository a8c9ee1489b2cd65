package dropsite.analyze.input;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Lines of the kernel log that say what the next stack is about, and whose it is.
 *
 * <p>Only wordings of the kernel's own: a line that begins alike in another tool's text must not
 * become the title of that tool's stacks.
 */
final class PrintkHeadlines implements FrameSyntax {
  /** How lines begin that say what happened, by their first letter. */
  private static final String[][] MAJOR =
      byFirstLetter(
          "-> #",
          "Allocated by task ",
          "Allocated in ",
          "BUG: ",
          "BUG kmalloc",
          "Freed by task ",
          "Freed in ",
          "INFO: Allocated in ",
          "INFO: Freed in ",
          "INFO: possible ",
          "INFO: rcu_",
          "INFO: suspicious RCU usage",
          "INFO: task ",
          "INFO: trying to register non-static key",
          "Kernel BUG at ",
          "Kernel panic - not syncing",
          "Last potentially related work creation:",
          "NMI backtrace for cpu ",
          "NMI watchdog: ",
          "PANIC: ",
          "Preemption disabled at:",
          "Second to last potentially related work creation:",
          "UBSAN: ",
          "Unable to handle ",
          "Uninit was created at:",
          "Uninit was stored to memory at:",
          "Unhandled fault",
          "WARNING: CPU: ",
          "WARNING: at ",
          "WARNING: bad unlock balance",
          "WARNING: held lock freed",
          "WARNING: inconsistent lock state",
          "WARNING: lock held when returning to user space",
          "WARNING: locking bug in ",
          "WARNING: possible ",
          "WARNING: suspicious RCU usage",
          "[ BUG: ",
          "[ INFO: ",
          "allocated by task ",
          "freed by task ",
          "kernel BUG at ",
          "page allocated via order ",
          "page last allocated via order ",
          "page last free ",
          "rcu: INFO: ",
          "stack backtrace:",
          "watchdog: ");

  /** How lines begin that go on what has been said. */
  private static final String[][] MINOR =
      byFirstLetter(
          "CPU: ",
          "Internal error: ",
          "Oops: ",
          "Pid: ",
          "Process ",
          "comm \"",
          "divide error: ",
          "general protection fault",
          "int3: ",
          "invalid opcode: ",
          "stack segment: ",
          "task:",
          "unreferenced object ");

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    int begin = line.position();
    boolean major = begins(line, MAJOR) || isWarning(line) || line.endsWith(" at:");
    if (!major && !begins(line, MINOR) && !isOldTask(line)) {
      return null;
    }
    String title = line.rest();
    line.moveTo(begin);
    EventFacts facts = TaskFacts.of(title);
    if (!major && facts.equals(EventFacts.NONE) && title.startsWith("CPU: ")) {
      return null;
    }
    String told = title.endsWith(":") ? title.substring(0, title.length() - 1) : title;
    List<StackFrame> places = major ? places(line) : List.of();
    return new LinePart.Headline(new Topic(told, facts), !major, places);
  }

  /**
   * Since 6.18 the place comes first: {@code WARNING: net/core/dev.c:12 at name+0x1/0x2, CPU#0}.
   */
  private static boolean isWarning(LineCursor line) {
    int begin = line.position();
    boolean warning = line.accept("WARNING: ") && line.sourceLine() != null && line.accept(" at ");
    line.moveTo(begin);
    return warning;
  }

  /** Looks at two bytes before it takes the line for one. */
  private static boolean isOldTask(LineCursor line) {
    int begin = line.position();
    return line.at(begin + 15) == ' '
        && line.at(begin + 17) == ' '
        && line.at(begin + 16) > ' '
        && TaskFacts.isOldTask(line.remaining());
  }

  private static boolean begins(LineCursor line, String[][] beginnings) {
    int first = line.peek();
    if (first < 0 || first >= beginnings.length) {
      return false;
    }
    int begin = line.position();
    for (String beginning : beginnings[first]) {
      if (line.accept(beginning)) {
        line.moveTo(begin);
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the place that a title names. That of a trap (x86 and arm64 since they warn by one) and
   * of a fault is a program counter. Functions that warn were called in older kernels: those print
   * empty brackets behind the place. So are those that find bad accesses to memory.
   */
  private static List<StackFrame> places(LineCursor line) {
    boolean trap =
        (line.accept("WARNING: ") && line.peek() != 'a')
            || line.accept("BUG: KFENCE: use-after-free")
            || line.accept("BUG: KFENCE: out-of-bounds")
            || line.accept("BUG: KFENCE: invalid read")
            || line.accept("BUG: KFENCE: invalid write")
            || line.accept("NMI backtrace for cpu ");
    while (!line.atEnd()) {
      StackFrame place = KernelPlace.addressed(line);
      if (place != null && place.symbol() != null) {
        return List.of(trap && !line.accept("()") ? place.asProgramCounter() : place);
      }
      line.skipWord();
      line.skipBlanks();
    }
    return List.of();
  }

  private static String[][] byFirstLetter(String... beginnings) {
    return IntStream.range(0, 128)
        .mapToObj(first ->
            Arrays.stream(beginnings)
                .filter(beginning -> beginning.charAt(0) == first)
                .toArray(String[]::new))
        .toArray(String[][]::new);
  }
}
