package dropsite.analyze.report;

import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.kernel.Slide;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.text.SafeText;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Prints a report as text: what was dropped, where and why first, the evidence after. */
public final class TextReport {
  private static final int WIDTH = 96;
  private static final String INDENT = "    ";

  private final Consumer<String> out;

  /**
   * @param out takes the report line by line
   */
  public TextReport(Consumer<String> out) {
    this.out = out;
  }

  /** Prints a report. */
  public void print(Report report) {
    printSummary(report);
    report.narrowed().forEach(sentence -> wrapped("         ", sentence, "         "));
    report.boxes().forEach(box -> printEnvironment(box.environment()));
    int number = 1;
    for (Finding finding : report.findings()) {
      out.accept("");
      printFinding(finding, number++, report.boxes().get(finding.box()).names());
    }
  }

  private void printSummary(Report report) {
    out.accept(
        plural(report.totals().events(), "event")
            + ", "
            + plural(report.findings().size(), "finding")
            + (report.totals().benign() == 0
                ? ""
                : ", " + report.totals().benign() + " of the events benign")
            + (report.totals().lost() == null || report.totals().lost() == 0
                ? ""
                : ", " + report.totals().lost() + " lost"));
    out.accept("");
    int number = 1;
    for (Finding finding : report.findings()) {
      Classification classification = finding.classification();
      out.accept(
          String.format(
              Locale.ROOT,
              "%6d x  [%d] %s",
              finding.count(),
              number++,
              SafeText.of(classification.title())));
      DropPlace place = classification.place();
      if (place != null) {
        out.accept("           " + placeInWords(place, report.boxes().get(finding.box()).names()));
      }
    }
  }

  private void printEnvironment(Environment environment) {
    out.accept("");
    String release = environment.release();
    out.accept("kernel:  " + (release == null ? "release not recorded" : SafeText.of(release)));
    String file = environment.symbolFile();
    if (file == null) {
      out.accept("symbols: none given, names as printed in the stack");
    } else {
      out.accept(
          "symbols: "
              + SafeText.of(file)
              + (environment.veryKernel() ? ", of this very kernel" : ", not known to fit")
              + slideInWords(environment.slide()));
    }
    environment.warnings().forEach(warning -> wrapped("warning: ", warning, "         "));
    environment.notes().forEach(note -> wrapped("note:    ", note, "         "));
    environment.missing().forEach(missing -> wrapped("missing: ", missing, "         "));
  }

  private static String slideInWords(@Nullable Slide slide) {
    if (slide == null) {
      return "";
    }
    return ", moved by " + StackJson.hex(slide.bytes()) + " (" + slide.inWords() + ")";
  }

  private void printFinding(Finding finding, int number, SourceNames names) {
    Classification classification = finding.classification();
    out.accept(
        "["
            + number
            + "] "
            + SafeText.of(classification.title())
            + ": "
            + plural(finding.count(), "event"));
    out.accept(
        INDENT
            + "class    "
            + classification.classId()
            + " ("
            + classification.severity().word()
            + ", "
            + classification.confidence().word()
            + " confidence)");
    wrapped(INDENT + "means    ", classification.explanation(), INDENT + "         ");
    DropPlace place = classification.place();
    if (place != null) {
      out.accept(INDENT + "site     " + placeInWords(place, names));
    }
    if (finding.reason() != null) {
      out.accept(INDENT + "reason   " + SafeText.of(finding.reason().inWords()));
    }
    if (!finding.packets().isEmpty()) {
      listed(INDENT + "packets  ", finding.packets().inWords());
    }
    if (!finding.who().isEmpty()) {
      listed(INDENT + "running  ", finding.who().inWords());
    }
    if (finding.stack() != null) {
      out.accept(INDENT + "stack");
      printStack(finding.stack(), new FrameLines(names));
    }
    if (!classification.evidence().isEmpty()) {
      out.accept(INDENT + "evidence");
      classification
          .evidence()
          .forEach(evidence -> wrapped(INDENT + "  - ", evidence, INDENT + "    "));
    }
    printNext(classification.next());
  }

  private void printStack(ResolvedStack stack, FrameLines frameLines) {
    String title = stack.event().title();
    if (!title.isEmpty()) {
      out.accept(INDENT + "  " + SafeText.of(title));
    }
    for (ResolvedFrame frame : stack.visibleFrames()) {
      out.accept(INDENT + "  " + frameInWords(frame));
      frameLines.of(frame).forEach(line -> out.accept(INDENT + "  " + line.substring(4)));
    }
    long hidden = stack.frames().stream().filter(ResolvedFrame::hidden).count();
    if (hidden > 0) {
      out.accept(INDENT + "  (" + plural(hidden, "frame") + " of the probe hidden)");
    }
  }

  private void printNext(List<NextStep> steps) {
    if (steps.isEmpty()) {
      return;
    }
    out.accept(INDENT + "next");
    for (NextStep step : steps) {
      out.accept(INDENT + "  " + SafeText.of(step.command()));
      wrapped(INDENT + "      # ", step.why(), INDENT + "      # ");
    }
  }

  private static String frameInWords(ResolvedFrame frame) {
    StringBuilder line = new StringBuilder();
    String symbol = frame.symbol();
    Long address = frame.given().runtimeAddress();
    if (symbol != null) {
      line.append(SafeText.of(symbol));
      if (frame.offsetBytes() != StackFrame.UNKNOWN) {
        line.append("+").append(StackJson.hex(frame.offsetBytes()));
      }
    } else {
      line.append(address == null ? "??" : StackJson.hex(address));
    }
    if (frame.module() != null) {
      line.append(" [").append(SafeText.of(frame.module())).append("]");
    }
    return line.toString();
  }

  private static String placeInWords(DropPlace place, SourceNames names) {
    Layer caller = place.caller();
    String site =
        place.layer() == null ? frameInWords(place.frame()) : names.inWords(place.layer());
    return "in " + site + (caller == null ? "" : ", from " + names.inWords(caller));
  }

  private void listed(String head, List<String> words) {
    wrapped(head, String.join(", ", words), " ".repeat(head.length()));
  }

  /** Prints a text in lines of bounded width, broken at blanks. */
  private void wrapped(String head, String text, String indent) {
    StringBuilder line = new StringBuilder(head);
    boolean begun = false;
    for (String word : SafeText.of(text).splitWithDelimiters(" ", 0)) {
      if (begun && !word.equals(" ") && line.length() + word.length() > WIDTH) {
        out.accept(line.toString().stripTrailing());
        line = new StringBuilder(indent);
      }
      line.append(word);
      begun = true;
    }
    out.accept(line.toString().stripTrailing());
  }

  private static String plural(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
