package dropsite.analyze.input;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The line that our own bpftrace scripts print before each stack: {@code EV nanoseconds key=value …
 * comm=name}.
 *
 * <p>Names that users of the box may choose are escaped, and the task's stands last: whatever it
 * holds is no key.
 */
final class ScriptedEvent {
  private static final String BEGIN = "EV ";
  private static final String BEFORE_COMM = " comm=";

  /** How the scripts print a byte that is no printable character of ASCII. */
  private static final String ESCAPE = "\\x";

  private static final String PADDING = "\\x00";
  private static final int IPV4_HEADER_BYTES = 20;
  private static final int IPV6_HEADER_BYTES = 40;

  private final long timeNanos;
  private final String comm;
  private final Map<String, String> values = new HashMap<>();

  private ScriptedEvent(long timeNanos, String pairs, String comm) {
    this.timeNanos = timeNanos;
    this.comm = comm;
    for (String pair : pairs.split(" ", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
  }

  /** Returns what a line says, or null when it is another. */
  static @Nullable ScriptedEvent of(String line) {
    int commStart = line.indexOf(BEFORE_COMM);
    int timeEnd = line.indexOf(' ', BEGIN.length());
    if (!line.startsWith(BEGIN) || commStart < 0 || timeEnd > commStart) {
      return null;
    }
    LineCursor cursor = LineCursor.of(line);
    cursor.moveTo(BEGIN.length());
    Long time = cursor.number();
    return time == null
        ? null
        : new ScriptedEvent(
            time,
            line.substring(timeEnd, commStart),
            unescaped(line.substring(commStart + BEFORE_COMM.length())));
  }

  /** Returns the line as it may be shown: without the bytes that fill names up. */
  static String title(String line) {
    return line.replace(PADDING, "").strip();
  }

  EventFacts facts() {
    Long pid = number("pid");
    Long netns = number("netns");
    Long location = number("loc");
    String device = unescaped(values.getOrDefault("if", ""));
    return new EventFacts(
        timeNanos,
        comm,
        pid == null ? null : pid.intValue(),
        device.isEmpty() ? null : device,
        netns == null || netns == 0 ? null : netns,
        number("reason"),
        null,
        null,
        location == null || location >= 0 ? null : location,
        packet());
  }

  private @Nullable Long number(String key) {
    String value = values.get(key);
    if (value == null) {
      return null;
    }
    LineCursor cursor = LineCursor.of(value);
    Long number = cursor.number();
    return cursor.atEnd() ? number : null;
  }

  /** Puts the header together again that the script has taken apart. */
  private @Nullable PacketSummary packet() {
    Long ethertype = number("proto");
    if (ethertype == null) {
      return null;
    }
    InetAddress source = address("src");
    InetAddress destination = address("dst");
    byte[] header = {};
    if (source != null && destination != null && source.getClass() == destination.getClass()) {
      boolean four = source instanceof Inet4Address;
      int length = four ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES;
      byte[] from = source.getAddress();
      header = new byte[length + 4];
      header[0] = (byte) (four ? 0x45 : 0x60);
      header[four ? 9 : 6] = (byte) small("ipproto");
      System.arraycopy(from, 0, header, length - 2 * from.length, from.length);
      System.arraycopy(destination.getAddress(), 0, header, length - from.length, from.length);
      putShort(header, length, small("sport"));
      putShort(header, length + 2, small("dport"));
    }
    return PacketSummary.of(header, 0, ethertype.intValue() & 0xffff);
  }

  private int small(String key) {
    Long number = number(key);
    return number == null ? 0 : number.intValue() & 0xffff;
  }

  private static void putShort(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  private @Nullable InetAddress address(String key) {
    try {
      return InetAddress.ofLiteral(values.getOrDefault(key, ""));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns a name without escapes, up to its first zero byte. */
  private static String unescaped(String printed) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < printed.length(); i++) {
      int value = printed.charAt(i);
      int end = i + PADDING.length();
      if (printed.startsWith(ESCAPE, i)
          && end <= printed.length()
          && printed.chars().skip(i + 2L).limit(2).allMatch(HexFormat::isHexDigit)) {
        value = HexFormat.fromHexDigits(printed, i + 2, end);
        i = end - 1;
      }
      if (value == 0) {
        break;
      }
      bytes.write(value);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
