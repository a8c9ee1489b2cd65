package dropsite.capture.doctor;

import java.util.ArrayList;
import java.util.List;

/** Checks and verdicts as lines of plain ASCII, for a terminal or a ticket. */
public final class DoctorTable {
  /** Narrower than this, words would stand one below the other. */
  private static final int LEAST_WIDTH = 60;

  private final int width;
  private final List<String> lines = new ArrayList<>();

  private DoctorTable(int width) {
    this.width = Math.max(LEAST_WIDTH, width);
  }

  /**
   * Returns a table.
   *
   * @param width of the longest line, in characters; words longer than that are not broken
   */
  public static List<String> lines(List<Check> checks, SourceChoice choice, int width) {
    DoctorTable table = new DoctorTable(width);
    int title = checks.stream().mapToInt(each -> each.topic().title().length()).max().orElse(0);
    for (Check each : checks) {
      String state =
          switch (each.state()) {
            case OK -> "ok";
            case WARNING -> "warning";
            case MISSING -> "MISSING";
          };
      String start = "%-7s  %s  ".formatted(state, padded(each.topic().title(), title));
      table.add(start, each.found());
      if (!each.advice().isEmpty()) {
        table.add(" ".repeat(start.length()) + "-> ", each.advice());
      }
    }
    table.lines.add("");
    int source =
        choice.verdicts().stream().mapToInt(each -> each.source().length()).max().orElse(0);
    for (SourceChoice.Verdict each : choice.verdicts()) {
      String start =
          "%-7s  %s  ".formatted(each.works() ? "works" : "no", padded(each.source(), source));
      table.add(start, each.why());
    }
    return List.copyOf(table.lines);
  }

  private static String padded(String text, int length) {
    return text + " ".repeat(length - text.length());
  }

  /** Adds a text behind a start, its further lines below it. */
  private void add(String start, String text) {
    StringBuilder line = new StringBuilder(start);
    boolean empty = true;
    for (String word : printable(text).split(" +", -1)) {
      if (!empty && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(start.length()));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
  }

  /** Names on a box may hold anything, control sequences of terminals too. */
  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }
}
