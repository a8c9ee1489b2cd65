package dropsite.analyze.diff;

import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.report.Finding;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.SourceNames;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.symbols.SourceFrame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One of the two reports.
 *
 * @param name as the user named it
 * @param events in it
 * @param lost events that were not recorded; null when nobody counted
 * @param recordedNanos how long was recorded; null when not known
 * @param sightings its findings, each cause once
 */
public record Side(
    String name,
    long events,
    @Nullable Long lost,
    @Nullable Long recordedNanos,
    List<Sighting> sightings) {

  /** Makes one of what equal causes have together. */
  public Side {
    Map<Cause, Sighting> causes = new LinkedHashMap<>();
    sightings.forEach(each -> causes.merge(each.cause(), each, Sighting::and));
    sightings = List.copyOf(new ArrayList<>(causes.values()));
  }

  /** Returns what a report tells. */
  public static Side of(String name, Report report) {
    List<Sighting> sightings = new ArrayList<>();
    for (Finding finding : report.findings()) {
      sightings.add(sighting(finding, report.boxes().get(finding.box()).names()));
    }
    return new Side(
        name,
        report.totals().events(),
        report.totals().lost(),
        report.totals().recordedNanos(),
        sightings);
  }

  private static Sighting sighting(Finding finding, SourceNames names) {
    Classification classification = finding.classification();
    DropPlace place = classification.place();
    SourceFrame site = source(place == null ? null : place.layer());
    SourceFrame caller = source(place == null ? null : place.caller());
    DropReason reason = finding.reason();
    Set<String> functions = new HashSet<>();
    if (finding.stack() != null) {
      for (ResolvedFrame frame : finding.stack().visibleFrames()) {
        for (Layer layer : frame.layers()) {
          String function = layer.source().function();
          functions.add(String.valueOf(function == null ? layer.source().symbol() : function));
        }
      }
    }
    List<String> attribution = List.of();
    if (!finding.attributions().isEmpty()) {
      Attribution cause = finding.attributions().getFirst();
      attribution =
          List.of(
              cause.kind().word(),
              Objects.requireNonNullElse(cause.table(), ""),
              Objects.requireNonNullElse(cause.chain(), ""),
              cause.text());
    }
    return new Sighting(
        new Cause(
            classification.classId(),
            site == null ? null : site.canonicalName(),
            caller == null ? null : caller.canonicalName(),
            reason == null
                ? null
                : Objects.requireNonNullElse(reason.name(), String.valueOf(reason.number())),
            finding.namespace() == null ? null : finding.namespace().name(),
            attribution),
        finding.id(),
        classification.title(),
        classification.severity() == Severity.BENIGN,
        site == null ? null : names.position(site),
        functions,
        finding.count());
  }

  private static @Nullable SourceFrame source(@Nullable Layer layer) {
    return layer == null ? null : layer.source();
  }
}
