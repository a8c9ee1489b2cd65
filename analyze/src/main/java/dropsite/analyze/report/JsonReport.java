package dropsite.analyze.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.classify.Classification;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.NextStep;
import dropsite.analyze.input.PacketSummary;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.stack.Layer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a report as JSON, schema 1. */
public final class JsonReport {
  private static final int SCHEMA = 1;

  /** Writes a report. */
  public void write(JsonGenerator json, Report report) throws IOException {
    json.writeStartObject();
    json.writeNumberField("schema", SCHEMA);
    writeEnvironment(json, report.boxes().getFirst().environment());
    json.writeObjectFieldStart("totals");
    json.writeNumberField("events", report.totals().events());
    writeNumber(json, "lost", report.totals().lost());
    json.writeNumberField("benign", report.totals().benign());
    json.writeEndObject();
    json.writeArrayFieldStart("findings");
    List<List<Long>> ids = ids(report);
    for (int i = 0; i < report.findings().size(); i++) {
      Finding finding = report.findings().get(i);
      writeFinding(json, finding, report.boxes().get(finding.box()).names(), ids.get(i));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("events");
    for (int i = 0; i < report.events().size(); i++) {
      EventRow row = report.events().row(i);
      if (row.finding() >= 0) {
        writeEvent(json, row, report.findings().get(row.finding()).id());
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static List<List<Long>> ids(Report report) {
    List<List<Long>> ids = new ArrayList<>();
    report.findings().forEach(finding -> ids.add(new ArrayList<>()));
    for (int i = 0; i < report.events().size(); i++) {
      int finding = report.events().finding(i);
      if (finding >= 0) {
        ids.get(finding).add(i + 1L);
      }
    }
    return ids;
  }

  private static void writeEnvironment(JsonGenerator json, Environment environment)
      throws IOException {
    json.writeObjectFieldStart("environment");
    json.writeStringField("release", environment.release());
    json.writeStringField("buildId", environment.buildId());
    json.writeStringField("symbolFile", environment.symbolFile());
    json.writeStringField("symbolBuildId", environment.symbolBuildId());
    json.writeBooleanField("veryKernel", environment.veryKernel());
    StackJson.writeSlide(json, environment.slide());
    writeTexts(json, "missing", environment.missing());
    writeTexts(json, "warnings", environment.warnings());
    writeTexts(json, "notes", environment.notes());
    json.writeEndObject();
  }

  private static void writeFinding(
      JsonGenerator json, Finding finding, SourceNames names, List<Long> events)
      throws IOException {
    Classification classification = finding.classification();
    json.writeStartObject();
    json.writeStringField("id", finding.id());
    json.writeStringField("class", classification.classId());
    json.writeStringField("severity", classification.severity().word());
    json.writeStringField("confidence", classification.confidence().word());
    json.writeStringField("reason", reasonInWords(finding.reason()));
    json.writeStringField("title", classification.title());
    json.writeStringField("explanation", classification.explanation());
    json.writeNumberField("count", finding.count());
    writeNumber(json, "firstNanos", finding.firstNanos());
    writeNumber(json, "lastNanos", finding.lastNanos());
    writePlace(json, classification.place(), names);
    writeTexts(json, "evidence", classification.evidence());
    json.writeNullField("attribution");
    json.writeArrayFieldStart("next");
    for (NextStep step : classification.next()) {
      json.writeStartObject();
      json.writeStringField("command", step.command());
      json.writeStringField("why", step.why());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("stack");
    if (finding.stack() != null) {
      new FramesJson(names).write(json, finding.stack());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("events");
    for (long id : events) {
      json.writeNumber(id);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static @Nullable String reasonInWords(@Nullable DropReason reason) {
    if (reason == null) {
      return null;
    }
    return reason.name() == null ? String.valueOf(reason.number()) : reason.name();
  }

  private static void writePlace(JsonGenerator json, @Nullable DropPlace place, SourceNames names)
      throws IOException {
    if (place == null) {
      json.writeNullField("site");
      return;
    }
    Layer layer = place.layer();
    Layer caller = place.caller();
    json.writeObjectFieldStart("site");
    json.writeStringField("function", layer == null ? null : layer.source().canonicalName());
    json.writeStringField("file", layer == null ? null : names.path(layer.source()));
    writeNumber(json, "line", layer == null || layer.source().line() == 0 ? null : lineOf(layer));
    json.writeStringField("caller", caller == null ? null : caller.source().canonicalName());
    json.writeEndObject();
  }

  private static Long lineOf(Layer layer) {
    return (long) layer.source().line();
  }

  private static void writeEvent(JsonGenerator json, EventRow row, String finding)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", row.id());
    writeNumber(json, "timeNanos", row.timeNanos());
    json.writeStringField("finding", finding);
    json.writeStringField("comm", row.comm());
    writeNumber(json, "pid", row.pid() == null ? null : Long.valueOf(row.pid()));
    json.writeStringField("interface", row.interfaceName());
    writeNumber(json, "netns", row.netns());
    PacketSummary packet = row.packet();
    if (packet == null) {
      json.writeNullField("packet");
    } else {
      json.writeObjectFieldStart("packet");
      json.writeStringField("summary", packet.inWords());
      json.writeStringField("source", packet.source());
      json.writeStringField("destination", packet.destination());
      json.writeStringField("protocol", packet.protocol());
      writeNumber(json, "sourcePort", packet.sourcePort() == 0 ? null : (long) packet.sourcePort());
      writeNumber(
          json,
          "destinationPort",
          packet.destinationPort() == 0 ? null : (long) packet.destinationPort());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void writeTexts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void writeNumber(JsonGenerator json, String name, @Nullable Long value)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }
}
