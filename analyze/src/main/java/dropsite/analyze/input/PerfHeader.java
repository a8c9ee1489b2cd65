package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The line that {@code perf script} prints before the stack of an event: {@code comm pid/tid [cpu]
 * seconds.fraction: period event: fields}, each part but the time only where it was recorded and
 * asked for (tools/perf/builtin-script.c: print_sample_start, process_event).
 */
final class PerfHeader implements FrameSyntax {
  /** TASK_COMM_LEN without the zero byte; a task may have put anything into its name. */
  private static final int LONGEST_COMM = 15;

  /** Behind it no time can stand that is not a field's: names and numbers have widths. */
  private static final int LATEST_TIME = 128;

  private static final int UNKNOWN_CPU = 0;

  @Override
  public int longestLineBytes() {
    return 4096;
  }

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    FtraceLine event = null;
    int begin = line.position();
    while (line.skipBehind('.') && line.position() - begin < LATEST_TIME) {
      int fraction = line.position();
      Long number = line.number();
      int digits = line.position() - fraction;
      if (number != null && (digits == 6 || digits == 9) && line.accept(":")) {
        int end = line.position();
        line.moveTo(begin);
        FtraceLine later = read(line.remaining(), fraction - begin, digits);
        // What comes last of all that looks like it is perf's own; the rest is the task's name.
        event = later == null ? event : later;
        line.moveTo(end);
      } else {
        line.moveTo(fraction);
      }
    }
    line.moveTo(begin);
    return event == null ? null : opening(HeaderLine.decoded(line.remaining()), event);
  }

  private static @Nullable LinePart opening(String line, FtraceLine event) {
    String what = event.what().strip();
    int blank = what.indexOf(' ');
    if (blank > 0 && digitsBefore(what, blank) == 0) {
      // The period.
      what = what.substring(blank).strip();
    }
    String name = name(what);
    String fields = name.isEmpty() ? what : what.substring(name.length() + 1).strip();
    PerfFrames frames = PerfEvent.hasExactPlace(name) ? PerfFrames.SAMPLED : PerfFrames.BELOW;
    // Without call chains the place stands on the same line.
    LinePart place = frames.parse(LineCursor.of(fields));
    if (name.isEmpty() && !fields.isEmpty() && place == null) {
      return null;
    }
    HeaderLine header = new HeaderLine();
    header.read(line, event);
    Topic topic = new Topic(header.title(), header.facts());
    return place instanceof LinePart.Frames printed
        ? new LinePart.Opening(StackEvent.Kind.STACK, topic, printed.frames(), PerfFrames.BELOW)
        : new LinePart.Opening(StackEvent.Kind.STACK, topic, List.of(), frames);
  }

  /** Returns what stands before the first colon that a blank or nothing follows, or nothing. */
  private static String name(String what) {
    for (int i = 0; i < what.length() && what.charAt(i) != ' '; i++) {
      if (what.charAt(i) == ':' && (i + 1 == what.length() || what.charAt(i + 1) == ' ')) {
        return what.substring(0, i);
      }
    }
    return "";
  }

  /**
   * @param fraction where the digits behind the dot of a time begin
   * @param digits how many they are
   * @return null when what stands before the time is not what perf prints
   */
  private static @Nullable FtraceLine read(String line, int fraction, int digits) {
    int secondsStart = digitsBefore(line, fraction - 1);
    int end = blanksBefore(line, secondsStart);
    if (secondsStart == fraction - 1 || (end == secondsStart && end > 0)) {
      return null;
    }
    if (end > 0 && line.charAt(end - 1) == ']') {
      int cpu = digitsBefore(line, end - 1);
      if (cpu == end - 1 || cpu == 0 || line.charAt(cpu - 1) != '[') {
        return null;
      }
      end = blanksBefore(line, cpu - 1);
    }
    int pidStart = digitsBefore(line, end);
    int pidEnd = end;
    if (pidStart > 0 && line.charAt(pidStart - 1) == '/') {
      pidEnd = pidStart - 1;
      pidStart = digitsBefore(line, pidEnd);
    }
    int commEnd = blanksBefore(line, pidStart);
    String comm = line.substring(0, commEnd).strip();
    if (pidStart == pidEnd
        || pidEnd - pidStart > 9
        || (commEnd == pidStart && commEnd > 0)
        || comm.length() > LONGEST_COMM) {
      return null;
    }
    Long seconds = LineCursor.of(line.substring(secondsStart, fraction - 1)).number();
    Long parts = LineCursor.of(line.substring(fraction, fraction + digits)).number();
    if (seconds == null || seconds > Integer.MAX_VALUE || parts == null) {
      return null;
    }
    return new FtraceLine(
        comm,
        Integer.parseInt(line, pidStart, pidEnd, 10),
        UNKNOWN_CPU,
        seconds * 1_000_000_000L + (digits == 9 ? parts : parts * 1_000),
        line.substring(fraction + digits + 1));
  }

  private static int digitsBefore(String line, int end) {
    int start = end;
    while (start > 0 && line.charAt(start - 1) >= '0' && line.charAt(start - 1) <= '9') {
      start--;
    }
    return start;
  }

  private static int blanksBefore(String line, int end) {
    int start = end;
    while (start > 0 && (line.charAt(start - 1) == ' ' || line.charAt(start - 1) == '\t')) {
      start--;
    }
    return start;
  }
}
