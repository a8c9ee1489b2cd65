package dropsite.analyze.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that was found in some recordings: pure data, which renderers print.
 *
 * @param events how many were recorded
 * @param lost how many were not recorded that should have been; null when nobody counted
 * @param benign how many of them are no loss
 * @param findings most events first, benign ones after all others
 * @param rows one for each event
 */
public record Report(
    Environment environment,
    long events,
    @Nullable Long lost,
    long benign,
    List<Finding> findings,
    List<EventRow> rows) {

  /** Copies the lists. */
  public Report {
    findings = List.copyOf(findings);
    rows = List.copyOf(rows);
  }
}
