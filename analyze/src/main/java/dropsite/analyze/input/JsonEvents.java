package dropsite.analyze.input;

import com.fasterxml.jackson.core.JsonToken;
import dropsite.capture.DropEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON lines, one event each: what any tool can write to be analysed.
 *
 * <p>Needed is {@code stack}, the run-time addresses innermost first as {@code "0x…"} strings.
 * Known beside it are {@code reason}, {@code location}, {@code time_ns}, {@code comm}, {@code pid},
 * {@code ifname}, {@code netns_sk}, {@code netns_dev}, {@code protocol} (ethertype), and {@code
 * packet} (hex) with {@code packet_offset} and {@code network}, both counted from the buffer's
 * head. Other names are skipped. What bpftrace prints as JSON is read as the text that it holds.
 */
final class JsonEvents implements EventReader {
  /** What bpftrace prints as JSON that may hold stacks. */
  private static final Set<String> TYPES_OF_TEXT = Set.of("map", "printf", "value");

  private final String source;
  private final JsonValues values;
  private @Nullable BpftraceJson printed;

  JsonEvents(String source, InputStream input) throws IOException {
    this.source = source;
    this.values = new JsonValues(source, input);
  }

  @Override
  public @Nullable StackEvent next() throws IOException {
    while (true) {
      StackEvent within = printed == null ? null : printed.next();
      if (within != null) {
        return within;
      }
      printed = null;
      JsonToken token = values.next();
      if (token == null) {
        return null;
      }
      if (token != JsonToken.START_OBJECT) {
        throw values.malformed("expected an object, found " + token);
      }
      StackEvent event = event(values.line());
      if (event != null) {
        return event;
      }
    }
  }

  private @Nullable StackEvent event(long line) throws IOException {
    Fields fields = new Fields();
    String type = "";
    for (String name = values.nextField(); name != null; name = values.nextField()) {
      switch (name) {
        case "stack" -> fields.frames = stack();
        case "type" -> type = String.valueOf(values.text());
        case "data" -> {
          if (TYPES_OF_TEXT.contains(type)) {
            printed = new BpftraceJson(source, values);
            return null;
          }
          values.skip();
        }
        case "reason" -> {
          if (values.current() == JsonToken.VALUE_STRING) {
            fields.reasonName = values.text();
          } else {
            fields.reason = values.number();
          }
        }
        case "location" -> fields.location = values.number();
        case "time_ns" -> fields.timeNanos = values.number();
        case "pid" -> fields.pid = values.number();
        case "comm" -> fields.comm = values.text();
        case "ifname" -> fields.interfaceName = values.text();
        case "netns_sk" -> fields.netnsOfSocket = values.number();
        case "netns_dev" -> fields.netnsOfDevice = values.number();
        case "protocol" -> fields.ethertype = values.number();
        case "network" -> fields.network = values.number();
        case "packet_offset" -> fields.packetOffset = values.number();
        case "packet" -> fields.packet = values.text();
        default -> values.skip();
      }
    }
    if (fields.frames == null || fields.frames.isEmpty()) {
      return null;
    }
    return new StackEvent(source, line, "", fields.facts(values), fields.frames, 1);
  }

  private List<StackFrame> stack() throws IOException {
    if (values.current() != JsonToken.START_ARRAY) {
      throw values.malformed("stack: expected an array of addresses");
    }
    List<StackFrame> frames = new ArrayList<>();
    while (values.next() != JsonToken.END_ARRAY) {
      Long address = values.number();
      if (address == null || frames.size() == StackEvent.MOST_FRAMES) {
        throw values.malformed("stack: expected at most " + StackEvent.MOST_FRAMES + " addresses");
      }
      frames.add(StackFrame.ofAddress(address));
    }
    return frames;
  }

  @Override
  public void close() throws IOException {
    values.close();
  }

  /** What has been read of one object; mutable while its fields arrive in any order. */
  private static final class Fields {
    private @Nullable List<StackFrame> frames;
    private @Nullable Long reason;
    private @Nullable String reasonName;
    private @Nullable Long location;
    private @Nullable Long timeNanos;
    private @Nullable Long pid;
    private @Nullable String comm;
    private @Nullable String interfaceName;
    private @Nullable Long netnsOfSocket;
    private @Nullable Long netnsOfDevice;
    private @Nullable Long ethertype;
    private @Nullable Long network;
    private @Nullable Long packetOffset;
    private @Nullable String packet;

    EventFacts facts(JsonValues values) {
      DropEvent.Packet bytes = bytes(values);
      // On output and TCP paths the packet has no device yet: its socket knows the namespace.
      Long netns = netnsOfSocket != null && netnsOfSocket != 0 ? netnsOfSocket : netnsOfDevice;
      EventFacts facts =
          new EventFacts(
              timeNanos,
              comm,
              pid == null ? null : pid.intValue(),
              interfaceName == null || interfaceName.isEmpty() ? null : interfaceName,
              netns,
              reason,
              reasonName,
              null,
              location,
              bytes == null ? null : PacketSummary.of(bytes.bytes(), 0, bytes.protocol()));
      return bytes == null ? facts : facts.of(recorded(bytes));
    }

    private DropEvent recorded(DropEvent.Packet bytes) {
      return new DropEvent(
          timeNanos == null ? 0 : timeNanos,
          0,
          false,
          0,
          location == null ? 0 : location,
          reason == null ? DropEvent.NO_REASON : reason.intValue(),
          new long[0],
          false,
          DropEvent.Task.UNKNOWN,
          DropEvent.Device.UNKNOWN,
          DropEvent.Socket.NONE,
          bytes);
    }

    private DropEvent.@Nullable Packet bytes(JsonValues values) {
      if (packet == null || ethertype == null) {
        return null;
      }
      try {
        byte[] all = HexFormat.of().parseHex(packet);
        long start = network == null || packetOffset == null ? 0 : network - packetOffset;
        byte[] bytes =
            start < 0 || start > all.length
                ? new byte[0]
                : Arrays.copyOfRange(all, (int) start, all.length);
        return new DropEvent.Packet(
            ethertype.intValue() & 0xffff, -1, -1, 0, -1, new byte[0], bytes, bytes.length);
      } catch (IllegalArgumentException e) {
        throw values.malformed("packet: expected hexadecimal bytes");
      }
    }
  }
}
