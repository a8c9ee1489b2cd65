package dropsite.analyze.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
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

  private static final int DEEPEST_FRAMES = 1024;

  private final String source;
  private final JsonParser parser;
  private @Nullable BpftraceJson printed;

  JsonEvents(String source, InputStream input) throws IOException {
    this.source = source;
    this.parser = new JsonFactory().createParser(input);
  }

  @Override
  public @Nullable StackEvent next() throws IOException {
    try {
      while (true) {
        StackEvent within = printed == null ? null : printed.next();
        if (within != null) {
          return within;
        }
        printed = null;
        JsonToken token = parser.nextToken();
        if (token == null) {
          return null;
        }
        if (token != JsonToken.START_OBJECT) {
          throw malformed("expected an object, found " + token);
        }
        StackEvent event = event(parser.currentTokenLocation().getLineNr());
        if (event != null) {
          return event;
        }
      }
    } catch (JsonProcessingException e) {
      throw malformed(e.getOriginalMessage());
    }
  }

  private @Nullable StackEvent event(long line) throws IOException {
    Fields fields = new Fields();
    String type = "";
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "stack" -> fields.frames = stack();
        case "type" -> type = String.valueOf(text());
        case "data" -> {
          if (TYPES_OF_TEXT.contains(type)) {
            printed = new BpftraceJson(source, parser);
            return null;
          }
          parser.skipChildren();
        }
        case "reason" -> {
          if (parser.currentToken() == JsonToken.VALUE_STRING) {
            fields.reasonName = parser.getText();
          } else {
            fields.reason = number();
          }
        }
        case "location" -> fields.location = number();
        case "time_ns" -> fields.timeNanos = number();
        case "pid" -> fields.pid = number();
        case "comm" -> fields.comm = text();
        case "ifname" -> fields.interfaceName = text();
        case "netns_sk" -> fields.netnsOfSocket = number();
        case "netns_dev" -> fields.netnsOfDevice = number();
        case "protocol" -> fields.ethertype = number();
        case "network" -> fields.network = number();
        case "packet_offset" -> fields.packetOffset = number();
        case "packet" -> fields.packet = text();
        default -> parser.skipChildren();
      }
    }
    if (fields.frames == null || fields.frames.isEmpty()) {
      return null;
    }
    return new StackEvent(source, line, "", fields.facts(this), fields.frames, 1);
  }

  private List<StackFrame> stack() throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw malformed("stack: expected an array of addresses");
    }
    List<StackFrame> frames = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Long address = number();
      if (address == null || frames.size() == DEEPEST_FRAMES) {
        throw malformed("stack: expected at most " + DEEPEST_FRAMES + " addresses");
      }
      frames.add(StackFrame.ofAddress(address));
    }
    return frames;
  }

  /** Returns a number written as such or as a string, hexadecimal after 0x; null for null. */
  private @Nullable Long number() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? unsigned(parser.getBigIntegerValue().toString(), 10)
              : parser.getLongValue();
      case VALUE_STRING -> {
        String text = parser.getText();
        yield text.startsWith("0x") ? unsigned(text.substring(2), 16) : unsigned(text, 10);
      }
      case VALUE_NULL -> null;
      default -> throw malformed(parser.currentName() + ": expected a number");
    };
  }

  private long unsigned(String digits, int radix) {
    try {
      return Long.parseUnsignedLong(digits, radix);
    } catch (NumberFormatException e) {
      throw malformed("expected a number of at most 64 bits, found \"" + digits + "\"");
    }
  }

  private @Nullable String text() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (!parser.currentToken().isScalarValue()) {
      throw malformed(parser.currentName() + ": expected a string");
    }
    return parser.getText();
  }

  private MalformedInputException malformed(String problem) {
    return new MalformedInputException(
        source, "line " + parser.currentTokenLocation().getLineNr() + ": " + problem);
  }

  @Override
  public void close() throws IOException {
    parser.close();
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

    EventFacts facts(JsonEvents reader) {
      return new EventFacts(
          timeNanos,
          comm,
          pid == null ? null : pid.intValue(),
          interfaceName == null || interfaceName.isEmpty() ? null : interfaceName,
          // On output and TCP paths the packet has no device yet: its socket knows the namespace.
          netnsOfSocket != null && netnsOfSocket != 0 ? netnsOfSocket : netnsOfDevice,
          reason,
          reasonName,
          null,
          location,
          summary(reader));
    }

    private @Nullable PacketSummary summary(JsonEvents reader) {
      if (packet == null || ethertype == null) {
        return null;
      }
      try {
        byte[] bytes = HexFormat.of().parseHex(packet);
        long start = network == null || packetOffset == null ? 0 : network - packetOffset;
        int offset = start < 0 || start > bytes.length ? -1 : (int) start;
        return PacketSummary.of(bytes, offset, ethertype.intValue() & 0xffff);
      } catch (IllegalArgumentException e) {
        throw reader.malformed("packet: expected hexadecimal bytes");
      }
    }
  }
}
