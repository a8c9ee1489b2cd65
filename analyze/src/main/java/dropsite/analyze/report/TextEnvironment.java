package dropsite.analyze.report;

import dropsite.analyze.box.Box;
import dropsite.analyze.report.TextPage.Piece;
import java.util.List;

/** The last section of a report: which box and kernel it is of, and what it rests on. */
final class TextEnvironment {
  private static final int TEXT_COLUMN = 9;

  private final TextPage page;

  TextEnvironment(TextPage page) {
    this.page = page;
  }

  /** Prints what is known of a box, and before it an empty line. */
  void print(BoxReport report) {
    Environment environment = report.environment();
    Box box = report.box();
    page.blank();
    labelled("box:", report.name() + (box.machine().isEmpty() ? "" : ", " + box.machine()));
    if (!report.files().equals(List.of(report.name()))) {
      labelled("files:", String.join(", ", report.files()));
    }
    String release = environment.release();
    labelled(
        "kernel:",
        (release == null ? "release not recorded" : release)
            + (box.version().isEmpty() ? "" : " " + box.version()));
    String file = environment.symbolFile();
    String slide = Wording.slide(environment.slide());
    labelled(
        "symbols:",
        file == null
            ? "none given, names as printed in the stack"
            : file
                + (environment.veryKernel() ? ", of this very kernel" : ", not known to fit")
                + (slide.isEmpty() ? "" : ", " + slide));
    environment.warnings().forEach(each -> labelled("warning:", each, Style.LOSS));
    environment.notes().forEach(each -> labelled("note:", each));
    environment.missing().forEach(each -> labelled("missing:", each, Style.DOUBT));
  }

  private void labelled(String label, String text) {
    labelled(label, text, Style.PLAIN);
  }

  private void labelled(String label, String text, Style style) {
    page.paragraph(
        new Piece(label + " ".repeat(TEXT_COLUMN - label.length()), style),
        TEXT_COLUMN,
        Piece.of(text));
  }
}
