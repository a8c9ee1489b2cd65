package dropsite.analyze.input;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that retis has stored: objects one after another, or, sorted, in arrays (its sources,
 * retis-events/src/events.rs). Those without a kernel stack are passed over, as are names that a
 * later version may add.
 */
final class RetisEvents implements EventReader {
  /** What retis calls the probe at whose own place the stack begins. */
  private static final String KPROBE = "kprobe";

  private static final int ETHERNET_HEADER_BYTES = 14;

  private final String source;
  private final JsonValues values;

  RetisEvents(String source, InputStream input) throws IOException {
    this.source = source;
    this.values = new JsonValues(source, input);
  }

  @Override
  public @Nullable StackEvent next() throws IOException {
    while (true) {
      JsonToken token = values.next();
      if (token == null) {
        return null;
      }
      if (token == JsonToken.START_OBJECT) {
        StackEvent event = event(values.line());
        if (event != null) {
          return event;
        }
      } else if (token != JsonToken.START_ARRAY && token != JsonToken.END_ARRAY) {
        throw values.malformed("expected an event of retis, found " + token);
      }
    }
  }

  private @Nullable StackEvent event(long line) throws IOException {
    Fields fields = new Fields();
    for (String name = values.nextField(); name != null; name = values.nextField()) {
      if (values.current() != JsonToken.START_OBJECT) {
        values.skip();
        continue;
      }
      switch (name) {
        case "common" -> readCommon(fields);
        case "kernel" -> readKernel(fields);
        case "skb-drop" -> readDrop(fields);
        case "dev" -> readDevice(fields);
        case "netns" -> readNamespace(fields);
        case "packet" -> readPacket(fields);
        default -> values.skip();
      }
    }
    return fields.frames.isEmpty()
        ? null
        : new StackEvent(source, line, fields.title(), fields.facts(), fields.stack(), 1);
  }

  private void readCommon(Fields fields) throws IOException {
    for (String name = values.nextField(); name != null; name = values.nextField()) {
      if (name.equals("timestamp")) {
        fields.timeNanos = values.number();
      } else if (name.equals("task") && values.current() == JsonToken.START_OBJECT) {
        readTask(fields);
      } else {
        values.skip();
      }
    }
  }

  private void readTask(Fields fields) throws IOException {
    for (String name = values.nextField(); name != null; name = values.nextField()) {
      switch (name) {
        case "comm" -> fields.comm = values.text();
        // The process; the thread is called pid.
        case "tgid" -> fields.pid = values.number();
        default -> values.skip();
      }
    }
  }

  private void readKernel(Fields fields) throws IOException {
    for (String name = values.nextField(); name != null; name = values.nextField()) {
      switch (name) {
        case "symbol" -> fields.symbol = values.text();
        case "probe_type" -> fields.probeType = values.text();
        case "stack_trace" -> readStack(fields);
        default -> values.skip();
      }
    }
  }

  private void readStack(Fields fields) throws IOException {
    if (values.current() != JsonToken.START_ARRAY) {
      values.skip();
      return;
    }
    while (values.next() != JsonToken.END_ARRAY) {
      String text = values.text();
      StackFrame frame = text == null ? null : PrintedPlace.whole(LineCursor.of(text));
      if (frame == null || fields.frames.size() == StackEvent.MOST_FRAMES) {
        throw values.malformed(
            "stack_trace: expected at most "
                + StackEvent.MOST_FRAMES
                + " names with offsets or addresses");
      }
      fields.frames.add(frame);
    }
  }

  private void readDrop(Fields fields) throws IOException {
    for (String name = values.nextField(); name != null; name = values.nextField()) {
      switch (name) {
        case "subsys" -> fields.subsystem = values.text();
        case "drop_reason" -> fields.reason = values.text();
        default -> values.skip();
      }
    }
  }

  private void readDevice(Fields fields) throws IOException {
    for (String name = values.nextField(); name != null; name = values.nextField()) {
      if (name.equals("name")) {
        fields.interfaceName = values.text();
      } else {
        values.skip();
      }
    }
  }

  private void readNamespace(Fields fields) throws IOException {
    for (String name = values.nextField(); name != null; name = values.nextField()) {
      if (name.equals("inum")) {
        fields.netns = values.number();
      } else {
        values.skip();
      }
    }
  }

  private void readPacket(Fields fields) throws IOException {
    for (String name = values.nextField(); name != null; name = values.nextField()) {
      if (name.equals("data")) {
        fields.packet = values.text();
      } else {
        values.skip();
      }
    }
  }

  @Override
  public void close() throws IOException {
    values.close();
  }

  /** What has been read of one event; mutable while its fields arrive in any order. */
  private static final class Fields {
    private final List<StackFrame> frames = new ArrayList<>();
    private @Nullable String symbol;
    private @Nullable String probeType;
    private @Nullable Long timeNanos;
    private @Nullable String comm;
    private @Nullable Long pid;
    private @Nullable String subsystem;
    private @Nullable String reason;
    private @Nullable String interfaceName;
    private @Nullable Long netns;
    private @Nullable String packet;

    String title() {
      return symbol == null ? "" : symbol;
    }

    List<StackFrame> stack() {
      List<StackFrame> stack = new ArrayList<>(frames);
      if (KPROBE.equals(probeType)) {
        stack.set(0, stack.getFirst().asProgramCounter());
      }
      return stack;
    }

    EventFacts facts() {
      EventFacts told =
          new EventFacts(
              null, null, null, interfaceName, netns, null, null, null, null, packetInWords());
      return RetisReason.of(subsystem, reason == null ? "" : reason)
          .facts(timeNanos, comm, pid)
          .or(told);
    }

    private @Nullable PacketSummary packetInWords() {
      byte[] bytes;
      try {
        bytes = packet == null ? new byte[0] : Base64.getDecoder().decode(packet);
      } catch (IllegalArgumentException e) {
        return null;
      }
      if (bytes.length < ETHERNET_HEADER_BYTES) {
        return null;
      }
      int ethertype =
          ((bytes[ETHERNET_HEADER_BYTES - 2] & 0xff) << 8)
              | (bytes[ETHERNET_HEADER_BYTES - 1] & 0xff);
      return PacketSummary.of(bytes, ETHERNET_HEADER_BYTES, ethertype);
    }
  }
}
