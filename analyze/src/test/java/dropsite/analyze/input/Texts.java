package dropsite.analyze.input;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is found in texts, mostly those that tests write themselves. */
public final class Texts {
  private Texts() {}

  /** Returns the events of a text, with what introduces them. */
  public static List<StackEvent> events(String text) throws IOException {
    return events("text", text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the events of a file. */
  public static List<StackEvent> events(Path recording) throws IOException {
    return all(Recordings.open(recording.toString(), Files.newInputStream(recording)));
  }

  static List<StackEvent> events(String source, byte[] text) throws IOException {
    return all(Recordings.open(source, new ByteArrayInputStream(text)));
  }

  private static List<StackEvent> all(EventReader reader) throws IOException {
    List<StackEvent> events = new ArrayList<>();
    try (reader) {
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
