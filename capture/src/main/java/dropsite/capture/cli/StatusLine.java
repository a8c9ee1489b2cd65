package dropsite.capture.cli;

import dropsite.capture.Losses;
import dropsite.capture.session.Progress;
import dropsite.command.Output;
import dropsite.command.Program;
import dropsite.command.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells on standard error how a recording goes: each second on a terminal, else at both ends. */
final class StatusLine implements Progress {
  private static final double SECOND_NANOS = 1e9;

  /** Back to the line's beginning, and away with what stands there. */
  private static final String CLEAR = "\r\u001b[K";

  private final Streams streams;
  private final String name;
  private final String file;
  private final boolean live;
  private boolean shown;
  private long eventsBefore;

  /**
   * @param command its name
   * @param file as the user named it
   * @param live whether to tell each second, if there is a terminal
   */
  StatusLine(Streams streams, String command, String file, boolean live) {
    this.streams = streams;
    this.name = Program.NAME + " " + command + ": ";
    this.file = file.equals("-") ? "standard output" : file;
    this.live = live && Output.isStandardErrorTerminal();
  }

  @Override
  public void recording(String source, List<String> notes) {
    notes.forEach(note -> streams.say(name + note));
    streams.say(name + "recording to " + file + " (source " + source + "); interrupt to end");
  }

  @Override
  public void second(Summary soFar) {
    if (live) {
      long added = soFar.events() - eventsBefore;
      eventsBefore = soFar.events();
      shown = true;
      streams
          .err()
          .print(
              CLEAR
                  + "%.0f s: %,d drops (%,d/s), %s, %,d lost"
                      .formatted(
                          soFar.durationNanos() / SECOND_NANOS,
                          soFar.events(),
                          added,
                          size(soFar.bytes()),
                          soFar.losses().events()));
      streams.err().flush();
    }
  }

  @Override
  public void ending() {
    if (live) {
      shown = true;
      streams.err().print(CLEAR + "ending, with a last look at the box ...");
      streams.err().flush();
    }
  }

  /** Tells what it came to. */
  void end(Summary summary) {
    if (shown) {
      streams.err().print(CLEAR);
    }
    double seconds = summary.durationNanos() / SECOND_NANOS;
    double cpuSeconds = summary.cpuNanos() / SECOND_NANOS;
    streams.say(
        name
            + "%,d %s in %.1f s, %s to %s; %s; took %.2f CPU seconds"
                .formatted(
                    summary.events(),
                    summary.events() == 1 ? "drop" : "drops",
                    seconds,
                    size(summary.bytes()),
                    file,
                    losses(summary.losses()),
                    cpuSeconds));
  }

  private static String losses(Losses losses) {
    if (losses.events() == 0) {
      return "none lost";
    }
    List<String> causes = new ArrayList<>();
    cause(causes, losses.rateLimited(), "beyond --max-rate");
    cause(causes, losses.ringFull(), "buffer full (--buffer)");
    cause(causes, losses.recursion(), "while the probe was running");
    return "%,d lost: %s".formatted(losses.events(), String.join(", ", causes));
  }

  private static void cause(List<String> causes, long count, String words) {
    if (count > 0) {
      causes.add("%,d %s".formatted(count, words));
    }
  }

  private static String size(long bytes) {
    return bytes < 1 << 20
        ? String.format(Locale.ROOT, "%.0f KB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.1f MB", bytes / (1024.0 * 1024));
  }
}
