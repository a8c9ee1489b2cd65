package dropsite.analyze.report;

import java.util.List;

/**
 * All that was found in some recordings: pure data, which renderers print. Texts in it come from
 * the boxes as they are: renderers make them fit for where they are shown.
 *
 * @param boxes that the recordings are of, by which findings name theirs
 * @param findings most events first, benign ones after all others; numbered from 1 in this order
 * @param events one row for each event that was analysed
 * @param narrowed what was asked to be left out, and how much that is, one sentence each; empty
 *     when nothing was
 */
public record Report(
    List<BoxReport> boxes,
    Totals totals,
    List<Finding> findings,
    EventTable events,
    List<String> narrowed) {

  /** Copies the lists. */
  public Report {
    boxes = List.copyOf(boxes);
    findings = List.copyOf(findings);
    narrowed = List.copyOf(narrowed);
  }
}
