package dropsite.analyze.diff;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Writes a comparison as JSON. */
public final class ComparisonJson {
  private static final int SCHEMA = 1;

  /**
   * Writes a comparison.
   *
   * @param out left open
   */
  public void write(OutputStream out, Comparison comparison) throws IOException {
    JsonFactory factory = JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("schema", SCHEMA);
      write(json, "before", comparison.before());
      write(json, "after", comparison.after());
      json.writeNumberField("same", comparison.same());
      json.writeArrayFieldStart("differences");
      for (Difference each : comparison.differences()) {
        write(json, each);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void write(JsonGenerator json, String name, Side side) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("name", side.name());
    json.writeNumberField("events", side.events());
    number(json, "lost", side.lost());
    number(json, "recordedNanos", side.recordedNanos());
    json.writeEndObject();
  }

  private static void number(JsonGenerator json, String name, @Nullable Long value)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  private static void write(JsonGenerator json, Difference difference) throws IOException {
    Sighting sighting = difference.sighting();
    Cause cause = sighting.cause();
    json.writeStartObject();
    json.writeStringField("kind", difference.kind().word());
    json.writeStringField("class", cause.classId());
    json.writeStringField("title", sighting.title());
    json.writeBooleanField("benign", sighting.benign());
    json.writeStringField("function", cause.function());
    json.writeStringField("caller", cause.caller());
    json.writeStringField("reason", cause.reason());
    json.writeStringField("namespace", cause.namespace());
    json.writeStringField(
        "attribution", cause.attribution().isEmpty() ? null : cause.attribution().getLast());
    json.writeNumberField("sigma", difference.sigma());
    write(json, "before", difference.before());
    write(json, "after", difference.after());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, @Nullable Sighting sighting)
      throws IOException {
    if (sighting == null) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeStringField("finding", sighting.id());
    json.writeNumberField("count", sighting.count());
    json.writeStringField("place", sighting.place());
    json.writeEndObject();
  }
}
