package dropsite.analyze.network;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value that a program of the box printed as JSON. What is not there, or is something else than
 * asked for, is empty: versions of those programs differ.
 *
 * @param value a Map, a List, a text (numbers and booleans too), or null
 */
record Json(@Nullable Object value) {
  private static final Json NOTHING = new Json(null);

  /** Returns a field of an object. */
  Json get(String name) {
    return value instanceof Map<?, ?> fields && fields.get(name) != null
        ? new Json(fields.get(name))
        : NOTHING;
  }

  /** Returns whether there is a field of this name, even if its value is null. */
  boolean has(String name) {
    return value instanceof Map<?, ?> fields && fields.containsKey(name);
  }

  boolean present() {
    return value != null;
  }

  /** Returns the text; empty when it is none. */
  String text() {
    return value instanceof String text ? text : "";
  }

  /** Returns the number, decimal or after 0x hexadecimal; a default when it is none. */
  long number(long otherwise) {
    return Numbers.of(text(), otherwise);
  }

  /** Returns the items of a list; none when it is none. */
  List<Json> items() {
    return value instanceof List<?> items
        ? items.stream().map(item -> new Json(item)).toList()
        : List.of();
  }

  /** Returns the texts of a list. */
  List<String> texts() {
    return items().stream().map(Json::text).toList();
  }

  /** Returns the names of an object's fields in order; none when it is none. */
  List<String> names() {
    return value instanceof Map<?, ?> fields
        ? fields.keySet().stream().map(String::valueOf).toList()
        : List.of();
  }
}
