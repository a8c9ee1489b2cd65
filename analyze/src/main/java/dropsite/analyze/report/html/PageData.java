package dropsite.analyze.report.html;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.classify.DropPlace;
import dropsite.analyze.classify.Severity;
import dropsite.analyze.report.CountedStack;
import dropsite.analyze.report.Finding;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.SourceNames;
import dropsite.analyze.stack.Layer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** What the scripts of a page need beside what stands in it. */
final class PageData {
  private final Survey survey;
  private final @Nullable Timeline timeline;
  private final int shown;
  private final FlameTree all = new FlameTree("all events");
  private final FlameTree losses = new FlameTree("all drops");

  PageData(Report report, Survey survey, @Nullable Timeline timeline, int shown) {
    this.survey = survey;
    this.timeline = timeline;
    this.shown = shown;
    for (int i = 0; i < shown; i++) {
      Finding finding = report.findings().get(i);
      SourceNames names = report.boxes().get(finding.box()).names();
      DropPlace dropped = finding.classification().place();
      Layer place = dropped == null ? null : dropped.layer();
      for (CountedStack stack : finding.stacks()) {
        all.add(stack, place, names, i);
        if (finding.classification().severity() != Severity.BENIGN) {
          losses.add(stack, place, names, i);
        }
      }
    }
  }

  /** Returns whether there are stacks. */
  boolean hasFlames() {
    return !all.isEmpty();
  }

  /** Returns the data as JSON that may stand in a script element. */
  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      if (timeline != null) {
        writeSlots(json, timeline);
      }
      if (hasFlames()) {
        json.writeFieldName("all");
        all.write(json);
        if (!losses.isEmpty()) {
          json.writeFieldName("losses");
          losses.write(json);
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Inside of strings only, where it means the same: nothing there can end the element.
    return text.toString().replace("<", "\\u003c");
  }

  private void writeSlots(JsonGenerator json, Timeline times) throws IOException {
    json.writeArrayFieldStart("begins");
    for (String begin : times.begins()) {
      json.writeString(begin);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("slots");
    for (int i = 0; i < shown; i++) {
      json.writeStartArray();
      long[] counts = survey.slots[i];
      for (int x = 0; counts != null && x < counts.length; x++) {
        if (counts[x] > 0) {
          json.writeNumber(x);
          json.writeNumber(counts[x]);
        }
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }
}
