package dropsite.analyze.network;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the list of objects that {@code ip -j} and {@code tc -j} print, item by item. Of a list
 * that is cut or broken the items before that are read.
 */
final class JsonList {
  /** Names of devices are any bytes, and older tools print them as they are. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS).build();

  /** No item of a real box is nearly that large. */
  private static final int MOST_VALUES_EACH = 1 << 16;

  private static final int DEEPEST = 64;

  private final JsonParser parser;
  private int values;

  private JsonList(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * Gives the items one by one.
   *
   * @return whether the list was whole
   */
  static boolean read(byte[] text, Consumer<Json> items) {
    try (JsonParser parser = JSON.createParser(new String(text, StandardCharsets.UTF_8))) {
      return new JsonList(parser).read(items);
    } catch (JsonProcessingException e) {
      return false; // cut, or no JSON from here on
    } catch (IOException e) {
      throw new UncheckedIOException(e); // reads memory only
    }
  }

  private boolean read(Consumer<Json> items) throws IOException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      return false;
    }
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      values = 0;
      Object item = value(0);
      if (values > MOST_VALUES_EACH) {
        return false;
      }
      items.accept(new Json(item));
    }
    return parser.currentToken() == JsonToken.END_ARRAY;
  }

  private @Nullable Object value(int depth) throws IOException {
    values++;
    if (values > MOST_VALUES_EACH || depth > DEEPEST) {
      parser.skipChildren();
      values = depth > DEEPEST ? MOST_VALUES_EACH + 1 : values;
      return null;
    }
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, value(depth + 1));
      }
      return fields;
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<@Nullable Object> list = new ArrayList<>();
      JsonToken token = parser.nextToken();
      while (token != null && token != JsonToken.END_ARRAY) {
        list.add(value(depth + 1));
        token = parser.nextToken();
      }
      return list;
    }
    return parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText();
  }
}
