package dropsite.analyze.input;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what the lines before a stack say about it: {@code key=value} pairs as scripts print
 * them, and ftrace's event lines.
 */
final class HeaderLine {
  private static final String REASON_PREFIX = "SKB_DROP_REASON_";

  private static final String EVENT_PREFIX = "EV ";

  /** Pointers that ftrace does not hash have as many, without 0x before them. */
  private static final int ADDRESS_DIGITS = 16;

  private String title = "";
  private @Nullable Long timeNanos;
  private @Nullable String comm;
  private @Nullable Integer pid;
  private @Nullable String interfaceName;
  private @Nullable Long reasonNumber;
  private @Nullable String reasonName;
  private @Nullable String claimedReason;
  private @Nullable Long location;
  private @Nullable EventFacts told;
  private boolean used;

  HeaderLine() {}

  /** Says what one line alone has told. */
  HeaderLine(String title, EventFacts told) {
    this.title = title;
    this.told = told;
  }

  /** Takes note of a line that is no frame. */
  void read(RawLine line) {
    String text = line.text();
    if (text.isBlank() || text.startsWith("#") || MapEntryEnd.is(text)) {
      return;
    }
    title = line.decoded().strip();
    readEventTime(text);
    readPairs(text);
    readKernelReason(text);
    readClaimedReason(text);
  }

  /** Takes note of an event of ftrace. */
  void read(String line, FtraceLine event) {
    title = line.strip();
    readPairs(event.what());
    readKernelReason(event.what());
    timeNanos = event.timeNanos();
    comm = decoded(event.comm());
    pid = event.pid();
  }

  /** Returns whether it comes from one line that says everything. */
  boolean isWhole() {
    return told != null;
  }

  /** Notes that a stack has been found which this introduces. */
  void use() {
    used = true;
  }

  boolean used() {
    return used;
  }

  String title() {
    return title;
  }

  EventFacts facts() {
    if (told != null) {
      return told;
    }
    return new EventFacts(
        timeNanos,
        comm,
        pid,
        interfaceName,
        null,
        reasonNumber,
        reasonName,
        claimedReason,
        location,
        null);
  }

  /**
   * Reads {@code EV nanoseconds key=value …}, bpftrace's {@code nsecs} behind the word that our own
   * script begins events with. Other scripts' times have no unit that the text tells, and stay.
   */
  private void readEventTime(String text) {
    if (text.startsWith(EVENT_PREFIX)) {
      int end = text.indexOf(' ', EVENT_PREFIX.length());
      timeNanos =
          end < 0 || text.indexOf('=', end) < 0 ? null : digits(text, EVENT_PREFIX.length(), end);
    }
  }

  private void readPairs(String text) {
    int position = 0;
    while (position < text.length()) {
      int end = text.indexOf(' ', position);
      end = end < 0 ? text.length() : end;
      int equals = text.indexOf('=', position);
      if (equals > position && equals < end) {
        pair(text.substring(position, equals), text.substring(equals + 1, end));
      }
      position = end + 1;
    }
  }

  private void pair(String key, String value) {
    LineCursor cursor = LineCursor.of(value);
    Long number = cursor.number();
    boolean whole = number != null && cursor.atEnd();
    switch (key) {
      case "pid", "tid" -> {
        if (whole && number != null && (key.equals("pid") || pid == null)) {
          pid = number.intValue();
        }
      }
      case "comm" -> comm = decoded(value);
      case "dev", "ifname" -> interfaceName = decoded(value);
      case "reason" -> {
        if (whole) {
          reasonNumber = number;
        }
      }
      // Pointers that the kernel hashed (%p) have 32 zero bits on top: no place in the kernel.
      case "loc", "location" -> {
        Long place = whole ? number : cursor.hexDigits(ADDRESS_DIGITS);
        if (place != null && cursor.atEnd() && place < 0) {
          location = place;
        }
      }
      default -> {
        // Other scripts, other keys.
      }
    }
  }

  /** Returns a text of which each char is one byte, read as UTF-8. */
  static String decoded(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static @Nullable Long digits(String text, int start, int end) {
    LineCursor cursor = LineCursor.of(text.substring(start, end));
    Long value = cursor.number();
    return value != null && cursor.atEnd() ? value : null;
  }

  /** The event's own print format decodes the reason with the running kernel's table. */
  private void readKernelReason(String text) {
    int event = text.indexOf("skbaddr=");
    int reason = event < 0 ? -1 : text.indexOf(" reason: ", event);
    if (reason >= 0) {
      String name = text.substring(reason + " reason: ".length()).strip();
      LineCursor cursor = LineCursor.of(name);
      Long number = cursor.number();
      if (number != null && cursor.atEnd()) {
        reasonNumber = number;
      } else if (!name.isEmpty() && name.indexOf(' ') < 0) {
        reasonName = name;
      }
    }
  }

  private void readClaimedReason(String text) {
    int start = text.indexOf(REASON_PREFIX);
    if (start >= 0) {
      LineCursor cursor = LineCursor.of(text);
      cursor.moveTo(start);
      String name = cursor.symbol();
      claimedReason = name == null ? null : name.substring(REASON_PREFIX.length());
    }
  }
}
