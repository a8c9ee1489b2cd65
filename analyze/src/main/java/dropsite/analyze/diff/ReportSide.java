package dropsite.analyze.diff;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a side from the JSON of a report, finding by finding; its events are passed over. */
public final class ReportSide {
  private static final int SCHEMA = 1;
  private static final int MOST_FINDINGS = 1 << 16;
  private static final int LONGEST_TEXT = 1000;
  private static final String NO_REPORT = "is no report of 'dropsite analyze --json'";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String name;
  private final List<Sighting> sightings = new ArrayList<>();
  private boolean known;
  private boolean told;
  private long events;
  private @Nullable Long lost;
  private @Nullable Long recordedNanos;

  private ReportSide(String name) {
    this.name = name;
  }

  /**
   * Reads a report.
   *
   * @param name of the file for messages
   * @param input closed at the end
   * @throws MalformedInputException when it is no report
   */
  public static Side read(String name, InputStream input) throws IOException {
    ReportSide side = new ReportSide(name);
    try (input;
        JsonParser json = new JsonFactory().createParser(input)) {
      side.read(json);
    } catch (JacksonException e) {
      throw new MalformedInputException(name, "is no JSON report: " + e.getOriginalMessage());
    }
    if (!side.known || !side.told) {
      throw new MalformedInputException(name, NO_REPORT);
    }
    return new Side(name, side.events, side.lost, side.recordedNanos, side.sightings);
  }

  private void read(JsonParser json) throws IOException {
    json.setCodec(MAPPER);
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "schema" -> {
          if (json.getValueAsLong() != SCHEMA) {
            throw malformed("schema " + shown(json.getText()) + " is not known, only " + SCHEMA);
          }
          known = true;
        }
        case "totals" -> readTotals(json.<JsonNode>readValueAsTree());
        case "findings" -> {
          if (!known || json.currentToken() != JsonToken.START_ARRAY) {
            throw malformed(NO_REPORT);
          }
          told = true;
          while (json.nextToken() == JsonToken.START_OBJECT) {
            if (sightings.size() == MOST_FINDINGS) {
              throw malformed("holds more findings than are compared");
            }
            sightings.add(sighting(json));
          }
          if (json.currentToken() != JsonToken.END_ARRAY) {
            throw malformed(NO_REPORT);
          }
        }
        default -> json.skipChildren();
      }
    }
    if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
      throw malformed(NO_REPORT);
    }
  }

  private MalformedInputException malformed(String why) {
    return new MalformedInputException(name, why);
  }

  private void readTotals(JsonNode totals) throws MalformedInputException {
    events = count(totals.path("events").asLong());
    lost = number(totals.path("lost"));
    recordedNanos = number(totals.path("recordedNanos"));
  }

  private @Nullable Long number(JsonNode node) throws MalformedInputException {
    return node.isNumber() ? Long.valueOf(count(node.asLong())) : null;
  }

  /** So many of them can be added up. */
  private long count(long value) throws MalformedInputException {
    if (value < 0 || value > Long.MAX_VALUE / MOST_FINDINGS) {
      throw malformed("holds " + value + " where a count is due");
    }
    return value;
  }

  private static String shown(@Nullable String text) {
    return text == null || text.length() <= LONGEST_TEXT
        ? String.valueOf(text)
        : text.substring(0, LONGEST_TEXT) + "…";
  }

  private Sighting sighting(JsonParser json) throws IOException {
    String id = "";
    String classId = "";
    String title = "";
    String reason = null;
    String space = null;
    boolean benign = false;
    long count = 0;
    JsonNode site = MAPPER.nullNode();
    JsonNode cause = MAPPER.nullNode();
    Set<String> functions = new HashSet<>();
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "id" -> id = shown(json.getValueAsString(""));
        case "class" -> classId = json.getValueAsString("");
        case "title" -> title = shown(json.getValueAsString(""));
        case "reason" -> reason = json.getValueAsString();
        case "severity" -> benign = "benign".equals(json.getValueAsString());
        case "count" -> count = count(json.getValueAsLong());
        case "site" -> site = json.readValueAsTree();
        case "attribution" -> cause = json.readValueAsTree();
        case "namespace" -> space = text(json.<JsonNode>readValueAsTree().path("name"));
        case "stack" -> {
          for (JsonNode frame : json.<JsonNode>readValueAsTree()) {
            String function = text(frame.path("function"));
            if (function != null && !frame.path("hidden").asBoolean()) {
              functions.add(function);
            }
          }
        }
        default -> json.skipChildren();
      }
    }
    if (classId.isEmpty() || !(cause.isObject() || cause.isNull())) {
      throw malformed("holds a finding without class, or with an attribution that is none");
    }
    String file = text(site.path("file"));
    return new Sighting(
        new Cause(
            classId,
            text(site.path("function")),
            text(site.path("caller")),
            reason,
            space,
            attribution(cause)),
        id,
        title,
        benign,
        file == null ? null : file + ":" + site.path("line").asText("?"),
        functions,
        count);
  }

  private static List<String> attribution(JsonNode cause) {
    return cause.isObject()
        ? List.of(
            cause.path("kind").asText(),
            word(cause.path("table")),
            word(cause.path("chain")),
            cause.path("text").asText())
        : List.of();
  }

  private static String word(JsonNode node) {
    return node.isTextual() ? node.asText() : "";
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() ? node.asText() : null;
  }
}
