package dropsite.analyze.report;

import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.Severity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Prints a report as Markdown for a ticket of GitHub, GitLab or Jira, which take about 65,000
 * characters at most: what does not fit is left out from the end, and that is said.
 */
public final class MarkdownReport {
  /** The most bytes of a report. */
  public static final int MOST_BYTES = 60_000;

  /** What the tables may take, so that sections are told too. */
  private static final int MOST_TABLE_BYTES = 20_000;

  private static final int MOST_BENIGN_BYTES = 5_000;

  /** Warnings and the like of a box; more of them are counted. */
  private static final int MOST_REMARKS = 12;

  private static final int MOST_BOXES = 8;

  /** For the sentences about what was left out. */
  private static final int RESERVED_BYTES = 500;

  private final Consumer<String> out;

  /**
   * @param out takes the report line by line
   */
  public MarkdownReport(Consumer<String> out) {
    this.out = out;
  }

  /** Lines as far as they fit, and how many entries did. */
  private static final class Part {
    final List<String> lines = new ArrayList<>();
    int entries;
    int bytes;

    boolean add(List<String> more, int mostBytes) {
      int size = size(more);
      if (bytes + size > mostBytes) {
        return false;
      }
      lines.addAll(more);
      bytes += size;
      entries++;
      return true;
    }
  }

  /** Prints a report. */
  public void print(Report report) {
    List<Integer> losses = new ArrayList<>();
    List<Integer> benign = new ArrayList<>();
    for (int i = 0; i < report.findings().size(); i++) {
      Severity severity = report.findings().get(i).classification().severity();
      (severity == Severity.BENIGN ? benign : losses).add(i);
    }
    List<String> head = head(report);
    List<String> foot = foot(report);
    Part table = new Part();
    for (int index : losses) {
      if (!table.add(List.of(new MarkdownFinding(report, index).row()), MOST_TABLE_BYTES)) {
        break;
      }
    }
    Part calm = new Part();
    for (int index : benign) {
      if (!calm.add(List.of(benignRow(report, index)), MOST_BENIGN_BYTES)) {
        break;
      }
    }
    int left = MOST_BYTES - RESERVED_BYTES - size(head) - size(foot) - table.bytes - calm.bytes;
    Part sections = new Part();
    for (int index : losses) {
      if (!sections.add(new MarkdownFinding(report, index).section(), left)) {
        break;
      }
    }
    left -= sections.bytes;
    Part folded = new Part();
    for (int index : losses.subList(0, sections.entries)) {
      if (!folded.add(new MarkdownFinding(report, index).folded(), left)) {
        break;
      }
    }
    head.forEach(out);
    printTable(table);
    printCuts(losses, benign, table, calm, sections, folded);
    for (int i = 0; i < sections.entries; i++) {
      MarkdownFinding finding = new MarkdownFinding(report, losses.get(i));
      finding.section().forEach(out);
      if (i < folded.entries) {
        finding.folded().forEach(out);
      }
    }
    printBenign(calm, benign.size());
    foot.forEach(out);
  }

  private static List<String> head(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add("# " + Headline.of(report));
    lines.add("");
    lines.add(
        Headline.time(report)
            + " on "
            + Headline.boxes(report).stream()
                .map(MarkdownText::of)
                .collect(Collectors.joining(", ")));
    List<String> remarks = new ArrayList<>();
    Headline.lost(report).forEach(each -> remarks.add("**Lost:** " + MarkdownText.of(each)));
    report.narrowed().forEach(each -> remarks.add(MarkdownText.of(each)));
    String gaps = Headline.gaps(report);
    if (!gaps.isEmpty()) {
      remarks.add("**Incomplete:** " + gaps);
    }
    if (!remarks.isEmpty()) {
      lines.add("");
      remarks.forEach(each -> lines.add("- " + each));
    }
    return lines;
  }

  private void printTable(Part table) {
    if (table.entries == 0) {
      return;
    }
    out.accept("");
    out.accept("| No. | Events | Share | What | Cause | Where | Who |");
    out.accept("|--:|--:|--:|---|---|---|---|");
    table.lines.forEach(out);
  }

  private void printCuts(
      List<Integer> losses,
      List<Integer> benign,
      Part table,
      Part calm,
      Part sections,
      Part folded) {
    List<String> cuts = new ArrayList<>();
    addCut(cuts, folded.entries, sections.entries, losses, "without stack and evidence");
    addCut(cuts, sections.entries, table.entries, losses, "in the table only");
    addCut(cuts, table.entries, losses.size(), losses, "not told");
    addCut(cuts, calm.entries, benign.size(), benign, "not told");
    if (!cuts.isEmpty()) {
      out.accept("");
      out.accept(
          "To stay below "
              + Wording.count(MOST_BYTES)
              + " bytes this report is cut: "
              + String.join(", ", cuts)
              + ". The text and JSON reports tell all.");
    }
  }

  private static void addCut(
      List<String> cuts, int from, int end, List<Integer> findings, String how) {
    if (from < end) {
      int first = findings.get(from) + 1;
      int last = findings.get(end - 1) + 1;
      cuts.add(
          (first == last ? "finding " + first : "findings " + first + " to " + last) + " " + how);
    }
  }

  private static String benignRow(Report report, int index) {
    Finding finding = report.findings().get(index);
    DropPlace place = finding.classification().place();
    SourceNames names = report.boxes().get(finding.box()).names();
    return "| "
        + String.join(
            " | ",
            Integer.toString(index + 1),
            Wording.count(finding.count()),
            MarkdownText.cell(MarkdownText.of(finding.classification().title())),
            MarkdownText.cell(MarkdownText.code(finding.classification().classId())),
            place == null
                ? ""
                : MarkdownText.cell(MarkdownText.code(Wording.position(place, names))))
        + " |";
  }

  private void printBenign(Part calm, int findings) {
    if (calm.entries == 0) {
      return;
    }
    out.accept("");
    out.accept("<details><summary>No loss: " + Wording.plural(findings, "finding") + "</summary>");
    out.accept("");
    out.accept("| No. | Events | What | Class | Where |");
    out.accept("|--:|--:|---|---|---|");
    calm.lines.forEach(out);
    out.accept("");
    out.accept("</details>");
  }

  private static List<String> foot(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("## What this rests on");
    lines.add("");
    report.boxes().stream().limit(MOST_BOXES).forEach(box -> addBox(lines, box));
    if (report.boxes().size() > MOST_BOXES) {
      lines.add("- and " + Wording.count(report.boxes().size() - MOST_BOXES) + " more boxes");
    }
    return lines;
  }

  private static void addBox(List<String> lines, BoxReport box) {
    Environment environment = box.environment();
    lines.add("- **Box:** " + MarkdownText.code(box.name()));
    lines.add("- **Recorded in:** " + MarkdownText.of(String.join(", ", box.files())));
    String release = environment.release();
    lines.add(
        "- **Kernel:** "
            + (release == null ? "release not recorded" : MarkdownText.code(release))
            + " "
            + MarkdownText.code(box.box().version()));
    String file = environment.symbolFile();
    lines.add(
        "- **Symbols:** "
            + (file == null
                ? "none given"
                : MarkdownText.code(file)
                    + (environment.veryKernel() ? ", of this very kernel" : ", not known to fit")));
    addAll(lines, "Warning", environment.warnings());
    addAll(lines, "Note", environment.notes());
    addAll(lines, "Missing", environment.missing());
  }

  private static void addAll(List<String> lines, String label, List<String> sentences) {
    sentences.stream()
        .limit(MOST_REMARKS)
        .forEach(each -> lines.add("- **" + label + ":** " + MarkdownText.of(each)));
    if (sentences.size() > MOST_REMARKS) {
      int more = sentences.size() - MOST_REMARKS;
      lines.add("- **" + label + ":** and " + Wording.count(more) + " more");
    }
  }

  private static int size(List<String> lines) {
    int size = 0;
    for (String line : lines) {
      size += line.getBytes(StandardCharsets.UTF_8).length + 1;
    }
    return size;
  }
}
