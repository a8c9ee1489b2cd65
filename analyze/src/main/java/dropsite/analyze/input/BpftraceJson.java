package dropsite.analyze.input;

import com.fasterxml.jackson.core.JsonParser;
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
  private final JsonParser parser;
  private final Queue<StackEvent> ready = new ArrayDeque<>();
  private String map = "";

  /**
   * @param source the file as the user named it
   * @param parser at the value of {@code data}
   */
  BpftraceJson(String source, JsonParser parser) {
    this.source = source;
    this.parser = parser;
  }

  /**
   * Returns the next stack, or null behind the last one, the parser then at the end of the object
   * that the line is.
   */
  @Nullable StackEvent next() throws IOException {
    while (ready.isEmpty()) {
      JsonToken token = parser.currentToken();
      if (token == null || (token == JsonToken.END_OBJECT && parser.getParsingContext().inRoot())) {
        return null;
      }
      if (token == JsonToken.VALUE_STRING) {
        read(parser.getText(), 1);
      } else if (token == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value == JsonToken.START_OBJECT && map.isEmpty()) {
          map = name;
        } else {
          long count = value == JsonToken.VALUE_NUMBER_INT ? parser.getValueAsLong(1) : 1;
          parser.skipChildren();
          read(map + "[" + name, Math.max(1, count));
        }
      } else if (token == JsonToken.END_OBJECT) {
        map = "";
      }
      parser.nextToken();
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
    long line = parser.currentTokenLocation().getLineNr();
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
