package dropsite.analyze.input;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What is found in texts that tests write themselves. */
final class Texts {
  private Texts() {}

  /** Returns the events of a text, with what introduces them. */
  static List<StackEvent> events(String text) throws IOException {
    List<StackEvent> events = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (EventReader reader = Recordings.open("text", new ByteArrayInputStream(bytes))) {
      for (StackEvent event = reader.next(); event != null; event = reader.next()) {
        events.add(event);
      }
    }
    return events;
  }

  /** Returns the frames of the only stack of a text. */
  static List<StackFrame> frames(String text) throws IOException {
    List<StackEvent> events = events(text);
    if (events.size() != 1) {
      throw new AssertionError("not one stack but " + events);
    }
    return events.getFirst().frames();
  }

  /** Returns a frame known by its name alone. */
  static StackFrame named(String symbol) {
    return StackFrame.ofName(symbol);
  }

  /** Returns a frame known by its name and an offset. */
  static StackFrame named(String symbol, long offset) {
    return StackFrame.ofSymbol(symbol, offset, StackFrame.UNKNOWN);
  }
}
