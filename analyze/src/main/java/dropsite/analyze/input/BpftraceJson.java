package dropsite.analyze.input;

import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a line of {@code bpftrace -f json} holds: <code>{"type": "map", "data": {"@": {"stack":
 * count}}}</code> or <code>{"type": "printf", "data": "text"}</code>, where stacks are the text
 * that bpftrace prints without that option.
 */
final class BpftraceJson {
  private final String source;
  private final JsonValues values;
  private final Queue<StackEvent> ready = new ArrayDeque<>();
  private String map = "";

  /**
   * @param source the file as the user named it
   * @param values at the value of {@code data}
   */
  BpftraceJson(String source, JsonValues values) {
    this.source = source;
    this.values = values;
  }

  /**
   * Returns the next stack, or null behind the last one, then at the end of the object that the
   * line is.
   */
  @Nullable StackEvent next() throws IOException {
    while (ready.isEmpty()) {
      JsonToken token = values.current();
      if (token == null || (token == JsonToken.END_OBJECT && values.atRoot())) {
        return null;
      }
      if (token == JsonToken.VALUE_STRING) {
        read(String.valueOf(values.text()), 1);
      } else if (token == JsonToken.FIELD_NAME) {
        String name = values.name();
        JsonToken value = values.next();
        if (value == JsonToken.START_OBJECT && map.isEmpty()) {
          map = name;
        } else {
          long count = value == JsonToken.VALUE_NUMBER_INT ? values.count() : 1;
          values.skip();
          read(map + "[" + name, Math.max(1, count));
        }
      } else if (token == JsonToken.END_OBJECT) {
        map = "";
      }
      values.next();
    }
    return ready.remove();
  }

  /**
   * @param count how many events each stack in the text stands for
   */
  private void read(String text, long count) throws IOException {
    if (text.indexOf('\n') < 0) {
      return;
    }
    long line = values.line();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (EventReader events =
        new TextEvents(source, new StackText(source, new ByteArrayInputStream(bytes)))) {
      for (StackEvent it = events.next(); it != null; it = events.next()) {
        ready.add(
            new StackEvent(source, line, it.title(), it.facts(), it.frames(), count, it.kind()));
      }
    }
  }
}
