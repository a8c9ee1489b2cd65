package dropsite.analyze.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.attribution.Attribution;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.report.Ranking.Counted;
import dropsite.analyze.stack.Layer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the findings of a report as JSON. */
final class JsonFindings {
  private final JsonGenerator json;
  private final Report report;
  private final JsonFrameTable frames;

  JsonFindings(JsonGenerator json, Report report, JsonFrameTable frames) {
    this.json = json;
    this.report = report;
    this.frames = frames;
  }

  /** Writes them into an array that has been begun. */
  void write() throws IOException {
    int[] rows = new int[report.findings().size() + 1];
    int[] ids = rowsByFinding(rows);
    for (int i = 0; i < report.findings().size(); i++) {
      json.writeStartObject();
      write(report.findings().get(i));
      json.writeArrayFieldStart("events");
      for (int row = rows[i]; row < rows[i + 1]; row++) {
        json.writeNumber(ids[row] + 1L);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  /**
   * Returns rows of the event table in the order of their findings; they may be millions.
   *
   * @param starts filled with where the rows of each finding begin
   */
  private int[] rowsByFinding(int[] starts) {
    EventTable events = report.events();
    int[] ends = new int[starts.length];
    for (int row = 0; row < events.size(); row++) {
      if (events.finding(row) >= 0) {
        ends[events.finding(row)]++;
      }
    }
    int sum = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = sum;
      sum += ends[i];
      ends[i] = starts[i];
    }
    int[] rows = new int[sum];
    for (int row = 0; row < events.size(); row++) {
      if (events.finding(row) >= 0) {
        rows[ends[events.finding(row)]++] = row;
      }
    }
    return rows;
  }

  private void write(Finding finding) throws IOException {
    SourceNames names = report.boxes().get(finding.box()).names();
    Classification classification = finding.classification();
    DropReason reason = finding.reason();
    json.writeStringField("id", finding.id());
    json.writeStringField("class", classification.classId());
    json.writeStringField("severity", classification.severity().word());
    json.writeStringField("confidence", classification.confidence().word());
    json.writeStringField("reason", reasonInWords(reason));
    json.writeStringField("title", classification.title());
    json.writeStringField("explanation", classification.explanation());
    json.writeNumberField("count", finding.count());
    JsonText.number(json, "firstNanos", finding.firstNanos());
    JsonText.number(json, "lastNanos", finding.lastNanos());
    writePlace(classification.place(), names);
    JsonText.texts(json, "evidence", classification.evidence());
    json.writeFieldName("attribution");
    if (finding.attributions().isEmpty()) {
      json.writeNull();
    } else {
      write(finding.attributions().getFirst());
    }
    write("next", classification.next());
    json.writeArrayFieldStart("stack");
    if (finding.stack() != null) {
      new JsonFrame(names).write(json, finding.stack());
    }
    json.writeEndArray();
    json.writeNumberField("box", finding.box());
    JsonText.number(json, "reasonNumber", reason == null ? null : reason.number());
    json.writeStringField("rule", classification.ruleId());
    JsonText.texts(json, "causes", classification.causes());
    JsonText.texts(json, "links", classification.links());
    write(finding.namespace());
    json.writeArrayFieldStart("attributions");
    for (Attribution attribution : finding.attributions()) {
      write(attribution);
    }
    json.writeEndArray();
    write("who", finding.who());
    write("packets", finding.packets());
    write("interfaces", finding.interfaces());
    write("namespaces", finding.namespaces());
    json.writeArrayFieldStart("stacks");
    for (CountedStack each : finding.stacks()) {
      json.writeStartObject();
      json.writeNumberField("count", each.count());
      json.writeArrayFieldStart("frames");
      frames.writeNumbers(json, finding.box(), each.stack());
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static @Nullable String reasonInWords(@Nullable DropReason reason) {
    if (reason == null) {
      return null;
    }
    return reason.name() == null ? String.valueOf(reason.number()) : reason.name();
  }

  private void writePlace(@Nullable DropPlace place, SourceNames names) throws IOException {
    if (place == null) {
      json.writeNullField("site");
      return;
    }
    Layer layer = place.layer();
    Layer caller = place.caller();
    json.writeObjectFieldStart("site");
    json.writeStringField("function", layer == null ? null : layer.source().canonicalName());
    json.writeStringField("file", layer == null ? null : names.path(layer.source()));
    JsonText.number(
        json,
        "line",
        layer == null || layer.source().line() == 0 ? null : (long) layer.source().line());
    json.writeStringField("caller", caller == null ? null : caller.source().canonicalName());
    json.writeEndObject();
  }

  private void write(Attribution attribution) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", attribution.kind().word());
    json.writeStringField("text", attribution.text());
    json.writeStringField("table", attribution.table());
    json.writeStringField("chain", attribution.chain());
    json.writeStringField("handle", attribution.handle());
    JsonText.number(json, "counterDelta", attribution.counterDelta());
    json.writeStringField("confidence", attribution.confidence().word());
    JsonText.texts(json, "evidence", attribution.evidence());
    write("commands", attribution.commands());
    json.writeEndObject();
  }

  private void write(String name, List<NextStep> steps) throws IOException {
    json.writeArrayFieldStart(name);
    for (NextStep step : steps) {
      json.writeStartObject();
      json.writeStringField("command", step.command());
      json.writeStringField("why", step.why());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void write(@Nullable Namespace namespace) throws IOException {
    if (namespace == null) {
      json.writeNullField("namespace");
      return;
    }
    json.writeObjectFieldStart("namespace");
    json.writeNumberField("inode", namespace.inode());
    json.writeStringField("name", namespace.name());
    json.writeEndObject();
  }

  private void write(String name, Ranking ranking) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeArrayFieldStart("top");
    for (Counted each : ranking.top()) {
      json.writeStartObject();
      json.writeStringField("word", each.word());
      json.writeNumberField("count", each.count());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("others", ranking.others());
    json.writeBooleanField("moreOthers", ranking.moreOthers());
    json.writeEndObject();
  }
}
