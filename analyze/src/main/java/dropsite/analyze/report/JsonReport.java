package dropsite.analyze.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.input.PacketSummary;
import dropsite.capture.host.SnapshotPart;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes a report as JSON, schema 1, which docs/report-json.md documents. Events are written as
 * they are read from the table: memory does not grow with them.
 */
public final class JsonReport {
  private static final int SCHEMA = 1;

  /**
   * Writes a report.
   *
   * @param out left open
   */
  public void write(OutputStream out, Report report) throws IOException {
    JsonLayout layout = new JsonLayout();
    layout.spread(2);
    try (JsonGenerator json = JsonText.to(out, layout)) {
      JsonFrameTable frames = new JsonFrameTable(report.boxes());
      json.writeStartObject();
      json.writeNumberField("schema", SCHEMA);
      writeEnvironment(json, report.boxes().getFirst().environment());
      writeTotals(json, report.totals());
      JsonText.texts(json, "narrowed", report.narrowed());
      json.writeArrayFieldStart("boxes");
      for (BoxReport box : report.boxes()) {
        writeBox(json, box);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("findings");
      new JsonFindings(json, report, frames).write();
      json.writeEndArray();
      layout.spread(1);
      json.writeArrayFieldStart("frames");
      frames.write(json);
      json.writeEndArray();
      json.writeArrayFieldStart("events");
      for (int i = 0; i < report.events().size(); i++) {
        if (report.events().finding(i) >= 0) {
          EventRow row = report.events().row(i);
          writeEvent(json, row, report.findings().get(row.finding()).id());
        }
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void writeEnvironment(JsonGenerator json, Environment environment)
      throws IOException {
    json.writeObjectFieldStart("environment");
    json.writeStringField("release", environment.release());
    json.writeStringField("buildId", environment.buildId());
    json.writeStringField("symbolFile", environment.symbolFile());
    json.writeStringField("symbolBuildId", environment.symbolBuildId());
    json.writeBooleanField("veryKernel", environment.veryKernel());
    JsonStack.writeSlide(json, environment.slide());
    json.writeBooleanField("cut", environment.cut());
    JsonText.texts(json, "missing", environment.missing());
    JsonText.texts(json, "warnings", environment.warnings());
    JsonText.texts(json, "notes", environment.notes());
    json.writeEndObject();
  }

  private static void writeTotals(JsonGenerator json, Totals totals) throws IOException {
    json.writeObjectFieldStart("totals");
    json.writeNumberField("events", totals.events());
    JsonText.number(json, "lost", totals.lost());
    json.writeNumberField("benign", totals.benign());
    json.writeNumberField("silent", totals.silent());
    JsonText.number(json, "firstNanos", totals.firstNanos());
    JsonText.number(json, "lastNanos", totals.lastNanos());
    json.writeBooleanField("wallClock", totals.wallClock());
    JsonText.number(json, "recordedNanos", totals.recordedNanos());
    json.writeEndObject();
  }

  private static void writeBox(JsonGenerator json, BoxReport report) throws IOException {
    Box box = report.box();
    json.writeStartObject();
    json.writeStringField("name", report.name());
    json.writeStringField("bootId", emptyToNull(box.bootId()));
    json.writeStringField("kernelVersion", emptyToNull(box.version()));
    json.writeStringField("machine", emptyToNull(box.machine()));
    JsonText.texts(json, "files", report.files());
    writeEnvironment(json, report.environment());
    json.writeArrayFieldStart("namespaces");
    List<Namespace> namespaces =
        box.namespaces().values().stream()
            .sorted(Comparator.comparingLong(Namespace::inode))
            .toList();
    for (Namespace namespace : namespaces) {
      json.writeStartObject();
      json.writeNumberField("inode", namespace.inode());
      json.writeStringField("name", namespace.name());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("snapshots");
    for (SnapshotPart part : box.parts()) {
      json.writeStartObject();
      json.writeStringField("name", part.name());
      json.writeStringField("phase", part.phase().name().toLowerCase(Locale.ROOT));
      JsonText.number(json, "netns", part.netns() == 0 ? null : Long.valueOf(part.netns()));
      json.writeNumberField("timeNanos", part.realNanos());
      json.writeStringField("origin", part.origin());
      json.writeNumberField("sizeBytes", part.bytes().length);
      json.writeBooleanField("cut", part.cut());
      json.writeStringField("problem", emptyToNull(part.problem()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static void writeEvent(JsonGenerator json, EventRow row, String finding)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", row.id());
    JsonText.number(json, "timeNanos", row.timeNanos());
    json.writeStringField("finding", finding);
    json.writeStringField("comm", row.comm());
    JsonText.number(json, "pid", row.pid() == null ? null : Long.valueOf(row.pid()));
    json.writeStringField("interface", row.interfaceName());
    JsonText.number(json, "netns", row.netns());
    PacketSummary packet = row.packet();
    if (packet == null) {
      json.writeNullField("packet");
    } else {
      json.writeObjectFieldStart("packet");
      json.writeStringField("summary", packet.inWords());
      json.writeStringField("source", packet.source());
      json.writeStringField("destination", packet.destination());
      json.writeStringField("protocol", packet.protocol());
      writePort(json, "sourcePort", packet.sourcePort());
      writePort(json, "destinationPort", packet.destinationPort());
      json.writeEndObject();
    }
    json.writeNumberField("box", row.box());
    json.writeNumberField("file", row.file());
    json.writeNumberField("ordinal", row.ordinal());
    json.writeNumberField("count", row.count());
    json.writeEndObject();
  }

  private static void writePort(JsonGenerator json, String name, int port) throws IOException {
    JsonText.number(json, name, port == 0 ? null : Long.valueOf(port));
  }
}
