package dropsite.analyze.report;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.stack.Repair;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import java.util.ArrayList;
import java.util.List;

/** A finding as Markdown: its row in the table, its section, and what is folded away there. */
final class MarkdownFinding {
  /** What is cut cannot be run, so only what nobody would type is. */
  private static final int MOST_OF_COMMAND = 4000;

  private static final int MOST_OF_LINE = 600;

  private final Report report;
  private final Finding finding;
  private final int number;
  private final Classification classification;
  private final SourceNames names;

  MarkdownFinding(Report report, int index) {
    this.report = report;
    this.finding = report.findings().get(index);
    this.number = index + 1;
    this.classification = finding.classification();
    this.names = report.boxes().get(finding.box()).names();
  }

  String row() {
    DropPlace place = classification.place();
    String cause = finding.attributions().isEmpty() ? "" : named(finding.attributions().getFirst());
    int others = finding.attributions().size() - 1;
    return "| "
        + String.join(
            " | ",
            Integer.toString(number),
            Wording.count(finding.count()),
            share(),
            MarkdownText.cell(MarkdownText.of(classification.title())),
            MarkdownText.cell(
                cause + (others > 0 ? ", or " + Wording.plural(others, "other") : "")),
            place == null
                ? ""
                : MarkdownText.cell(MarkdownText.code(Wording.position(place, names))),
            MarkdownText.cell(MarkdownText.of(Headline.circumstances(report, finding))))
        + " |";
  }

  private String share() {
    return finding.stacks().isEmpty()
        ? "silent"
        : Wording.share(finding.count(), report.totals().events());
  }

  private static String named(Attribution attribution) {
    String standing = Wording.standing(attribution);
    return Wording.noun(attribution.kind())
        + " "
        + MarkdownText.code(attribution.text())
        + " ("
        + (standing.isEmpty() ? "" : MarkdownText.of(standing) + ", ")
        + Wording.sureness(attribution)
        + ")";
  }

  /** Returns what a reader of a ticket wants to know, and what to run. */
  List<String> section() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "## "
            + number
            + ". "
            + MarkdownText.of(classification.title())
            + ": "
            + (finding.stacks().isEmpty()
                ? Wording.plural(finding.count(), "packet") + ", seen by a counter alone"
                : Wording.plural(finding.count(), "event") + " (" + share() + ")"));
    lines.add("");
    lines.add(
        "- **Class:** "
            + MarkdownText.code(classification.classId())
            + " ("
            + classification.severity().word()
            + ", "
            + classification.confidence().word()
            + " confidence)");
    addTime(lines);
    add(lines, "Means", classification.explanation());
    addCauses(lines);
    DropPlace place = classification.place();
    if (place != null) {
      add(lines, "Site", Wording.place(place, names));
    }
    if (finding.reason() != null) {
      add(lines, "Reason", finding.reason().inWords());
    }
    addCircumstances(lines);
    classification.links().forEach(each -> lines.add("- **Read:** " + MarkdownText.code(each)));
    addCommands(lines);
    return lines;
  }

  private void addTime(List<String> lines) {
    Long first = finding.firstNanos();
    Long last = finding.lastNanos();
    if (first != null && last != null) {
      lines.add("- **When:** " + Wording.span(first, last, report.totals().wallClock()));
    }
  }

  private void addCauses(List<String> lines) {
    boolean several = finding.attributions().size() > 1;
    for (Attribution each : finding.attributions()) {
      lines.add("- **" + (several ? "Candidate" : "Cause") + ":** " + named(each));
      each.evidence().forEach(sentence -> lines.add("  - " + MarkdownText.of(sentence)));
    }
    classification.causes().forEach(each -> add(lines, "Likely", each));
  }

  private void addCircumstances(List<String> lines) {
    if (report.boxes().size() > 1) {
      add(lines, "Box", report.boxes().get(finding.box()).name());
    }
    add(lines, "Packets", finding.packets());
    add(lines, "Devices", finding.interfaces());
    Namespace namespace = finding.namespace();
    if (namespace != null) {
      add(lines, "Namespace", namespace.inWords());
    } else {
      add(lines, "Namespaces", finding.namespaces());
    }
    add(lines, "Running", finding.who());
  }

  private static void add(List<String> lines, String label, Ranking ranking) {
    if (!ranking.isEmpty()) {
      add(lines, label, String.join(", ", ranking.inWords()));
    }
  }

  private static void add(List<String> lines, String label, String text) {
    lines.add("- **" + label + ":** " + MarkdownText.of(text));
  }

  private void addCommands(List<String> lines) {
    List<NextStep> steps = new ArrayList<>();
    finding.attributions().forEach(each -> steps.addAll(each.commands()));
    steps.addAll(classification.next());
    if (steps.isEmpty()) {
      return;
    }
    List<String> commands = new ArrayList<>();
    for (NextStep step : steps) {
      if (!step.why().isEmpty()) {
        commands.add("# " + Wording.cut(step.why(), MOST_OF_LINE));
      }
      commands.add(Wording.cut(step.command(), MOST_OF_COMMAND));
    }
    lines.add("");
    lines.add("Next:");
    lines.add("");
    lines.addAll(MarkdownText.block("sh", commands));
  }

  /** Returns stack and evidence, folded away where the reader's Markdown knows how. */
  List<String> folded() {
    List<String> lines = new ArrayList<>();
    ResolvedStack stack = finding.stack();
    if (stack == null && classification.evidence().isEmpty()) {
      return lines;
    }
    lines.add("");
    lines.add("<details><summary>" + (stack == null ? "" : "Stack and ") + "evidence</summary>");
    lines.add("");
    if (stack != null) {
      lines.addAll(MarkdownText.block("text", stackLines(stack)));
      lines.add("");
    }
    classification.evidence().forEach(each -> lines.add("- " + MarkdownText.of(each)));
    if (stack != null) {
      for (Repair repair : stack.repairs()) {
        lines.add("- " + MarkdownText.of(repair.kind() + ": " + repair.evidence()));
      }
    }
    lines.add("");
    lines.add("</details>");
    return lines;
  }

  private List<String> stackLines(ResolvedStack stack) {
    FrameLines frameLines = new FrameLines(names);
    List<String> lines = new ArrayList<>();
    if (finding.stacks().size() > 1) {
      lines.add(
          "of "
              + Wording.plural(finding.stacks().getFirst().count(), "event")
              + "; "
              + Wording.plural(finding.stacks().size() - 1L, "other stack")
              + " led here too");
    }
    for (ResolvedFrame frame : stack.visibleFrames()) {
      lines.add(Wording.cut(Wording.frame(frame), MOST_OF_LINE));
      frameLines
          .of(frame)
          .forEach(line -> lines.add("    " + Wording.cut(line.strip(), MOST_OF_LINE)));
    }
    return lines;
  }
}
