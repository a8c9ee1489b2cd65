package dropsite.analyze.rules;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value of a YAML file: a scalar, a list or a map, which knows where it stands.
 *
 * <p>Read token by token: binding to classes would cost each start of the program a tenth of a
 * second.
 */
public final class RuleData {
  private final String place;
  private final @Nullable Object value;

  private RuleData(String place, @Nullable Object value) {
    this.place = place;
    this.value = value;
  }

  /**
   * Reads a YAML resource that stands beside a class.
   *
   * @throws MalformedInputException when it breaks the rules of YAML
   */
  public static RuleData resource(Class<?> neighbour, String name) {
    try (InputStream input = neighbour.getResourceAsStream(name)) {
      if (input == null) {
        throw new IllegalStateException("resource " + name + " is missing");
      }
      return read(name, input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads YAML.
   *
   * @param name of the file, for messages
   */
  public static RuleData read(String name, InputStream input) throws IOException {
    try (JsonParser parser = new YAMLFactory().createParser(input)) {
      parser.nextToken();
      return new RuleData(name, value(parser));
    } catch (JsonProcessingException e) {
      throw new MalformedInputException(name, at(e.getLocation()) + e.getOriginalMessage());
    }
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null ? "" : "line " + location.getLineNr() + ": ";
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, value(parser));
      }
      return fields;
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(parser));
      }
      return items;
    }
    return token == null || token == JsonToken.VALUE_NULL ? null : parser.getText();
  }

  /** Returns a field of a map; an empty value when there is no such field. */
  public RuleData get(String name) {
    return new RuleData(place + ": " + name, fields().get(name));
  }

  /** Returns whether there is a value. */
  public boolean present() {
    return value != null;
  }

  /** Returns whether the value is a list. */
  public boolean isList() {
    return value instanceof List<?>;
  }

  /** Returns the scalar. */
  public String text() {
    if (value instanceof String text) {
      return text;
    }
    throw malformed("expected a text");
  }

  /** Returns the scalar, if there is a value. */
  public Optional<String> optionalText() {
    return present() ? Optional.of(text()) : Optional.empty();
  }

  /** Returns the scalar as a whole number. */
  public int number() {
    try {
      return Integer.parseInt(text());
    } catch (NumberFormatException e) {
      throw malformed("expected a whole number");
    }
  }

  /** Returns whether the scalar is {@code true}; false when there is none. */
  public boolean isTrue() {
    return present() && text().equals("true");
  }

  /** Returns the items of a list; none when there is no value. */
  public List<RuleData> items() {
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> items)) {
      throw malformed("expected a list");
    }
    List<RuleData> result = new ArrayList<>();
    for (Object item : items) {
      result.add(new RuleData(place + "[" + result.size() + "]", item));
    }
    return result;
  }

  /** Returns a list of texts, a single text being a list of one; empty when there is no value. */
  public List<String> texts() {
    return value instanceof String text
        ? List.of(text)
        : items().stream().map(RuleData::text).toList();
  }

  /** Returns the names of a map in order; none when there is no value. */
  public Set<String> names() {
    return fields().keySet();
  }

  /** Refuses names that mean nothing here, so that a misspelt one cannot pass unseen. */
  public void expectOnly(Set<String> known) {
    for (String name : names()) {
      if (!known.contains(name)) {
        throw malformed("unknown name \"" + name + "\"; known are " + known);
      }
    }
  }

  /** Returns an error that says where this value stands. */
  public MalformedInputException malformed(String problem) {
    return new MalformedInputException(place, problem);
  }

  @SuppressWarnings("unchecked")
  private Map<String, @Nullable Object> fields() {
    if (value == null) {
      return Map.of();
    }
    if (value instanceof Map<?, ?> fields) {
      return (Map<String, @Nullable Object>) fields;
    }
    throw malformed("expected a map");
  }
}
