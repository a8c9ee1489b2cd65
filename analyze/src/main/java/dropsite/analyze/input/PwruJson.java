package dropsite.analyze.input;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What pwru prints with {@code --output-json}: an object for each function that a packet comes
 * through, its stack as one text with a name on each line (internal/pwru/output.go: PrintJson).
 * Objects without a stack are passed over.
 */
final class PwruJson implements EventReader {
  private final String source;
  private final JsonValues values;

  PwruJson(String source, InputStream input) throws IOException {
    this.source = source;
    this.values = new JsonValues(source, input);
  }

  @Override
  public @Nullable StackEvent next() throws IOException {
    for (JsonToken token = values.next(); token != null; token = values.next()) {
      if (token != JsonToken.START_OBJECT) {
        throw values.malformed("expected an object, found " + token);
      }
      StackEvent event = event(values.line());
      if (event != null) {
        return event;
      }
    }
    return null;
  }

  private @Nullable StackEvent event(long line) throws IOException {
    List<StackFrame> frames = List.of();
    String process = "";
    String function = "";
    String device = "";
    Long netns = null;
    PacketSummary packet = null;
    for (String name = values.nextField(); name != null; name = values.nextField()) {
      switch (name) {
        case "stack" -> frames = frames(given());
        case "process" -> process = given();
        case "func" -> function = given();
        case "iface" -> device = given();
        case "netns" -> netns = values.number();
        case "tuple" -> packet = packet();
        default -> values.skip();
      }
    }
    EventFacts facts = PwruFacts.of(process, LineCursor.of(function), device, netns, packet);
    return frames.isEmpty() ? null : new StackEvent(source, line, function, facts, frames, 1);
  }

  /** Returns the current value as text, empty for none. */
  private String given() throws IOException {
    String text = values.text();
    return text == null ? "" : text;
  }

  private List<StackFrame> frames(String stack) {
    List<StackFrame> frames = new ArrayList<>();
    for (String name : stack.lines().filter(it -> !it.isBlank()).toList()) {
      StackFrame frame = PrintedPlace.whole(LineCursor.of(name));
      if (frame == null || frames.size() == StackEvent.MOST_FRAMES) {
        throw values.malformed(
            "stack: expected at most " + StackEvent.MOST_FRAMES + " names on lines of their own");
      }
      frames.add(frame);
    }
    return frames;
  }

  private @Nullable PacketSummary packet() throws IOException {
    if (values.current() != JsonToken.START_OBJECT) {
      values.skip();
      return null;
    }
    String from = "";
    String to = "";
    Long fromPort = null;
    Long toPort = null;
    Long protocol = null;
    for (String name = values.nextField(); name != null; name = values.nextField()) {
      switch (name) {
        case "saddr" -> from = given();
        case "daddr" -> to = given();
        case "sport" -> fromPort = values.number();
        case "dport" -> toPort = values.number();
        case "proto" -> protocol = values.number();
        default -> values.skip();
      }
    }
    // Numbers that are 0 are left out.
    return TuplePacket.of(
        protocolName(protocol == null ? 0 : protocol),
        from + ":" + (fromPort == null ? 0 : fromPort),
        to + ":" + (toPort == null ? 0 : toPort));
  }

  /** Returns the name of a protocol (IANA's protocol numbers), empty for most. */
  private static String protocolName(long number) {
    if (number == 1) {
      return "ICMP";
    }
    if (number == 6) {
      return "TCP";
    }
    if (number == 17) {
      return "UDP";
    }
    return number == 58 ? "ICMPv6" : "";
  }

  @Override
  public void close() throws IOException {
    values.close();
  }
}
