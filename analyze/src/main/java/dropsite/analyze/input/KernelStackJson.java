package dropsite.analyze.input;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stacks in JSON as {@link BccJson} describes it, without line ends: objects, wherever they stand,
 * with {@code "kernel_stack"} and maybe {@code "addresses"}, one for each name.
 */
final class KernelStackJson implements EventReader {
  private final String source;
  private final JsonValues values;
  private List<StackFrame> frames = List.of();
  private long line;
  private int objects;

  /** How many objects the stack that is being read stands in. */
  private int objectsAround;

  KernelStackJson(String source, InputStream input) throws IOException {
    this.source = source;
    this.values = new JsonValues(source, input);
  }

  @Override
  public @Nullable StackEvent next() throws IOException {
    for (JsonToken token = values.next(); token != null; token = values.next()) {
      switch (token) {
        case START_OBJECT -> objects++;
        case END_OBJECT -> {
          objects--;
          if (!frames.isEmpty() && objects < objectsAround) {
            return taken();
          }
        }
        case FIELD_NAME -> {
          StackEvent before = field(values.name());
          if (before != null) {
            return before;
          }
        }
        default -> {
          // Other values say nothing.
        }
      }
    }
    return null;
  }

  private StackEvent taken() {
    StackEvent event = new StackEvent(source, line, "", EventFacts.NONE, frames, 1);
    frames = List.of();
    return event;
  }

  /** Reads a field that says something; returns the stack before when it begins another. */
  private @Nullable StackEvent field(String name) throws IOException {
    boolean names = name.equals("kernel_stack");
    if (!names && (!name.equals("addresses") || objects != objectsAround)) {
      return null;
    }
    if (values.next() != JsonToken.START_ARRAY) {
      // An object here is gone through like any other.
      objects += values.current() == JsonToken.START_OBJECT ? 1 : 0;
      return null;
    }
    if (!names) {
      readAddresses();
      return null;
    }
    StackEvent before = frames.isEmpty() ? null : taken();
    line = values.line();
    objectsAround = objects;
    readNames();
    return before;
  }

  private void readNames() throws IOException {
    frames = new ArrayList<>();
    while (values.next() != JsonToken.END_ARRAY) {
      String text = values.text();
      StackFrame frame = text == null ? null : PrintedPlace.whole(LineCursor.of(text));
      if (frame != null && frames.size() < StackEvent.MOST_FRAMES) {
        frames.add(frame);
      } else if (text == null || !text.isEmpty()) {
        throw values.malformed(
            "kernel_stack: expected at most " + StackEvent.MOST_FRAMES + " names with offsets");
      }
    }
  }

  private void readAddresses() throws IOException {
    for (int i = 0; values.next() != JsonToken.END_ARRAY; i++) {
      Long address = values.number();
      if (i < frames.size()) {
        frames.set(i, frames.get(i).at(address));
      }
    }
  }

  @Override
  public void close() throws IOException {
    values.close();
  }
}
