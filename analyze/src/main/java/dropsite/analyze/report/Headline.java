package dropsite.analyze.report;

import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Severity;
import java.util.ArrayList;
import java.util.List;

/** What is said of a whole report, and of a finding in its summary, in a line each. */
final class Headline {
  private static final int MOST_BOXES = 3;

  private Headline() {}

  /** Returns {@code 207 events: 150 drops in 40 findings, 14 benign frees in 14 findings}. */
  static String of(Report report) {
    List<String> parts = new ArrayList<>();
    add(parts, report, Severity.DROP, "drop");
    add(parts, report, Severity.UNKNOWN, "unclear event");
    add(parts, report, Severity.BENIGN, "benign free");
    List<Finding> silent =
        report.findings().stream().filter(finding -> finding.stacks().isEmpty()).toList();
    if (!silent.isEmpty()) {
      long packets = silent.stream().mapToLong(Finding::count).sum();
      String doubt = Wording.silentInDoubt(report) ? "perhaps " : "";
      parts.add(
          in(doubt + Wording.plural(packets, "packet") + " lost without an event", silent.size()));
    }
    String told = String.join(", ", parts);
    if (parts.isEmpty()) {
      return Wording.plural(report.totals().events(), "event") + ", no finding to tell";
    }
    Long lost = report.totals().lost();
    boolean whole = lost != null && lost == 0 && Wording.missingEnd(report).isEmpty();
    return (parts.size() == 1 ? "" : Wording.plural(report.totals().events(), "event") + ": ")
        + told
        + (whole ? "; none lost" : "");
  }

  private static void add(List<String> parts, Report report, Severity severity, String noun) {
    List<Finding> findings =
        report.findings().stream()
            .filter(finding -> !finding.stacks().isEmpty())
            .filter(finding -> finding.classification().severity() == severity)
            .toList();
    if (!findings.isEmpty()) {
      long events = findings.stream().mapToLong(Finding::count).sum();
      parts.add(in(Wording.plural(events, noun), findings.size()));
    }
  }

  private static String in(String what, int findings) {
    return what + " in " + Wording.plural(findings, "finding");
  }

  /** Returns since when until when. */
  static String time(Report report) {
    Totals totals = report.totals();
    Long first = totals.firstNanos();
    Long last = totals.lastNanos();
    return first == null || last == null
        ? "times not recorded"
        : Wording.span(first, last, totals.wallClock());
  }

  /** Returns the boxes with their kernels, the first few of them. */
  static List<String> boxes(Report report) {
    List<String> names = new ArrayList<>();
    for (BoxReport box : report.boxes()) {
      if (names.size() == MOST_BOXES) {
        names.add(Wording.count(report.boxes().size() - MOST_BOXES) + " more");
        break;
      }
      names.add(box.name() + kernel(box.environment()));
    }
    return names;
  }

  private static String kernel(Environment environment) {
    return environment.release() == null ? "" : " (kernel " + environment.release() + ")";
  }

  /** Returns what was lost while recording, or with the end of a recording, a sentence each. */
  static List<String> lost(Report report) {
    List<String> sentences = new ArrayList<>();
    String cut = Wording.missingEnd(report);
    if (!cut.isEmpty()) {
      sentences.add(cut);
    }
    Long lost = report.totals().lost();
    if (lost != null && lost > 0) {
      sentences.add(
          Wording.plural(lost, "event") + " lost while recording, beside those told here");
    }
    return sentences;
  }

  /** Returns how much there is to read about what a report lacks; empty for nothing. */
  static String gaps(Report report) {
    int warnings = 0;
    int missing = 0;
    for (BoxReport box : report.boxes()) {
      warnings += box.environment().warnings().size();
      missing += box.environment().missing().size();
    }
    List<String> parts = new ArrayList<>();
    if (warnings > 0) {
      parts.add(Wording.plural(warnings, "warning"));
    }
    if (missing > 0) {
      parts.add(missing == 1 ? "1 thing missing" : Wording.count(missing) + " things missing");
    }
    return parts.isEmpty() ? "" : String.join(" and ", parts) + ": see the end";
  }

  /** Returns device, namespace, task and packet of most of a finding's events. */
  static String circumstances(Report report, Finding finding) {
    List<String> parts = new ArrayList<>();
    if (report.boxes().size() > 1) {
      parts.add(report.boxes().get(finding.box()).name());
    }
    addMost(parts, "", finding.interfaces());
    Namespace namespace = finding.namespace();
    if (namespace != null) {
      parts.add("netns " + namespace.inWords().replaceFirst("^netns ", ""));
    } else {
      addMost(parts, "netns ", finding.namespaces());
    }
    addMost(parts, "task ", finding.who());
    addMost(parts, "", finding.packets());
    return String.join("; ", parts);
  }

  private static void addMost(List<String> parts, String noun, Ranking ranking) {
    if (ranking.isEmpty()) {
      return;
    }
    long others = ranking.top().size() - 1 + ranking.others();
    String most = ranking.top().getFirst().word();
    parts.add(
        (most.startsWith(noun) ? "" : noun)
            + most
            + (others == 0
                ? ""
                : " and "
                    + (ranking.moreOthers() ? "more than " : "")
                    + Wording.plural(others, "other")));
  }
}
