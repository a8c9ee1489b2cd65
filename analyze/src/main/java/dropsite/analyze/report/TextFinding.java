package dropsite.analyze.report;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.report.TextPage.Piece;
import dropsite.analyze.stack.Repair;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import java.util.List;
import java.util.Locale;

/** The section of a report that tells all of one finding. */
final class TextFinding {
  private static final String INDENT = "    ";
  private static final int TEXT_COLUMN = 15;

  private final Report report;
  private final TextPage page;

  TextFinding(Report report, TextPage page) {
    this.report = report;
    this.page = page;
  }

  /** Prints a finding, and before it an empty line. */
  void print(Finding finding, int number) {
    Classification classification = finding.classification();
    SourceNames names = report.boxes().get(finding.box()).names();
    page.blank();
    printTitle(finding, number);
    String doubt =
        " ("
            + classification.severity().word()
            + ", "
            + classification.confidence().word()
            + " confidence)";
    labelled("class", new Piece(classification.classId(), Style.STRONG), Piece.of(doubt));
    printTime(finding);
    labelled("means", Piece.of(classification.explanation()));
    finding.attributions().forEach(each -> printAttribution(each, finding));
    printLikely(classification.causes());
    DropPlace place = classification.place();
    if (place != null) {
      labelled("site", Piece.of(Wording.place(place, names)));
    }
    if (finding.reason() != null) {
      labelled("reason", Piece.of(finding.reason().inWords()));
    }
    printCircumstances(finding);
    ResolvedStack stack = finding.stack();
    if (stack != null) {
      printStack(finding, stack, new FrameLines(names));
    }
    if (!classification.evidence().isEmpty()) {
      page.line(List.of(Piece.of(INDENT + "evidence")));
      classification.evidence().forEach(each -> item(6, each));
    }
    if (!classification.next().isEmpty()) {
      page.line(List.of(Piece.of(INDENT + "next")));
      printCommands(classification.next(), 6);
    }
    if (!classification.links().isEmpty()) {
      page.line(List.of(Piece.of(INDENT + "read")));
      // Whole, so that a terminal knows where they end.
      classification.links().forEach(each -> page.command(6, each));
    }
  }

  /** Prints what may be behind drops of this class. */
  private void printLikely(List<String> causes) {
    String label = "likely";
    for (String cause : causes) {
      labelled(label, Piece.of("- " + cause));
      label = "";
    }
  }

  /** Prints a finding that is no loss in a line or two. */
  void printBriefly(Finding finding, int number) {
    Piece count = new Piece(Wording.count(finding.count()) + " x ", Style.STRONG);
    DropPlace place = finding.classification().place();
    SourceNames names = report.boxes().get(finding.box()).names();
    String circumstances = Headline.circumstances(report, finding);
    page.paragraph(
        Piece.of("[" + number + "] "),
        6,
        count,
        new Piece(finding.classification().title(), Style.CALM),
        Piece.of(
            " ("
                + finding.classification().classId()
                + ")"
                + (place == null ? "" : " " + Wording.place(place, names))
                + (circumstances.isEmpty() ? "" : "; " + circumstances)));
  }

  private void printTitle(Finding finding, int number) {
    boolean silent = finding.stacks().isEmpty();
    page.paragraph(
        new Piece("[" + number + "] ", Style.STRONG),
        4,
        new Piece(
            finding.classification().title(),
            TextSummary.style(finding.classification().severity())),
        new Piece(
            ": "
                + (silent
                    ? Wording.plural(finding.count(), "packet") + ", seen by a counter alone"
                    : Wording.plural(finding.count(), "event")
                        + " ("
                        + Wording.share(finding.count(), report.totals().events())
                        + ")"),
            Style.STRONG));
  }

  private void printTime(Finding finding) {
    Long first = finding.firstNanos();
    Long last = finding.lastNanos();
    if (first != null && last != null) {
      labelled("when", Piece.of(Wording.span(first, last, report.totals().wallClock())));
    }
  }

  private void printAttribution(Attribution attribution, Finding finding) {
    List<Attribution> all = finding.attributions();
    String standing = Wording.standing(attribution);
    labelled(
        all.size() == 1 ? "cause" : attribution.sameThing(all.getFirst()) ? "causes" : "or",
        new Piece(Wording.named(attribution), Style.STRONG),
        Piece.of(
            " ("
                + (standing.isEmpty() ? "" : standing + ", ")
                + Wording.sureness(attribution)
                + ")"));
    attribution.evidence().forEach(each -> item(TEXT_COLUMN, each));
    printCommands(attribution.commands(), TEXT_COLUMN);
  }

  private void printCircumstances(Finding finding) {
    if (report.boxes().size() > 1) {
      labelled("box", Piece.of(report.boxes().get(finding.box()).name()));
    }
    listed("packets", finding.packets());
    listed("devices", finding.interfaces());
    if (finding.namespace() != null) {
      labelled("netns", Piece.of(finding.namespace().inWords()));
    } else {
      listed("netns", finding.namespaces());
    }
    listed("running", finding.who());
  }

  private void printStack(Finding finding, ResolvedStack stack, FrameLines frameLines) {
    int others = finding.stacks().size() - 1;
    String head =
        others == 0
            ? ""
            : String.format(
                Locale.ROOT,
                "  of %s; %s led here too",
                Wording.plural(finding.stacks().getFirst().count(), "event"),
                Wording.plural(others, "other stack"));
    page.paragraph(Piece.of(INDENT + "stack"), TEXT_COLUMN, new Piece(head, Style.DIM));
    String title = stack.event().title();
    if (!title.isEmpty()) {
      page.paragraph(Piece.of("      "), 8, Piece.of(title));
    }
    for (ResolvedFrame frame : stack.visibleFrames()) {
      Style style = frame.elided() || frame.unreliable() ? Style.DIM : Style.PLAIN;
      page.paragraph(Piece.of("      "), 8, new Piece(Wording.frame(frame), style));
      for (String line : frameLines.of(frame)) {
        String source = line.strip();
        page.paragraph(
            Piece.of("          "),
            12,
            new Piece(source, source.startsWith("(") ? Style.DIM : style));
      }
    }
    long hidden = stack.frames().stream().filter(ResolvedFrame::hidden).count();
    if (hidden > 0) {
      String words = "(" + Wording.plural(hidden, "frame") + " of the probe hidden)";
      page.paragraph(Piece.of("      "), 8, new Piece(words, Style.DIM));
    }
    for (Repair repair : stack.repairs()) {
      page.paragraph(
          Piece.of("      "),
          8,
          new Piece("! " + repair.kind() + ": ", Style.DOUBT),
          Piece.of(repair.evidence()));
    }
  }

  private void printCommands(List<NextStep> steps, int indent) {
    for (NextStep step : steps) {
      page.command(indent, step.command());
      if (!step.why().isEmpty()) {
        // Each line of it, so that whoever pastes all runs none of it.
        String comment = " ".repeat(indent + 4) + "# ";
        page.paragraph(new Piece(comment, Style.DIM), comment, new Piece(step.why(), Style.DIM));
      }
    }
  }

  private void listed(String label, Ranking ranking) {
    if (!ranking.isEmpty()) {
      labelled(label, Piece.of(String.join(", ", ranking.inWords())));
    }
  }

  private void item(int indent, String sentence) {
    page.paragraph(Piece.of(" ".repeat(indent) + "- "), indent + 2, Piece.of(sentence));
  }

  private void labelled(String label, Piece... text) {
    page.paragraph(
        Piece.of(String.format(Locale.ROOT, "%-" + TEXT_COLUMN + "s", INDENT + label)),
        TEXT_COLUMN,
        text);
  }
}
