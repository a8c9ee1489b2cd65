package dropsite.capture.tracefs;

import dropsite.bytes.Bytes;
import dropsite.capture.DropEvent;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What testdata/tracefs/record brought home from one kernel. */
record RecordedTrace(Path folder) {
  static final int SNAP_BYTES = 256;

  private static final Pattern EVENT =
      Pattern.compile(" (\\d+)\\.(\\d{6}): kfree_skb: .*?skbaddr=(?:0x)?([0-9a-f]+) (.*)");
  private static final Pattern LOCATION = Pattern.compile("location=(?:0x)?([0-9a-f]+) ");
  private static final Pattern FRAME = Pattern.compile(" => .* <([0-9a-f]+)>");

  /**
   * An event as the kernel printed it.
   *
   * @param location 0 where it was printed as a name
   */
  record Printed(long micros, long skb, long location, List<Long> stack, String text) {}

  static RecordedTrace of(String kernel) {
    return new RecordedTrace(Path.of("..", "testdata", "tracefs", kernel));
  }

  String text(String file) throws IOException {
    return Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
  }

  byte[] pages(String kind) throws IOException {
    return Files.readAllBytes(folder.resolve(kind + ".raw"));
  }

  EventFormat format(String file) throws IOException {
    return EventFormat.parse(file, text(file));
  }

  Offsets offsets() throws IOException {
    return Offsets.parse("offsets.txt", text("offsets.txt"));
  }

  /**
   * @param kind {@code probe} or {@code plain}
   */
  EventSet events(String kind) throws IOException {
    boolean probe = kind.equals("probe");
    EventFormat format = format(probe ? "probe.format" : "kfree_skb.format");
    DropDecoder decoder =
        new DropDecoder(
            format,
            false,
            SNAP_BYTES,
            probe ? Optional.of(offsets()) : Optional.empty(),
            new TaskNames(folder, folder.resolve("saved_cmdlines")));
    return new EventSet(
        PageFormat.parse("header_page", text("header_page")),
        format("kernel_stack.format"),
        Map.of(format.id(), decoder));
  }

  /** Returns the events in pages, read as those of CPU 0. */
  static List<DropEvent> read(EventSet events, byte[] pages) {
    List<DropEvent> found = new ArrayList<>();
    StackJoin join = new StackJoin(found::add);
    int pageBytes = events.page().pageBytes();
    MemorySegment memory = MemorySegment.ofArray(pages);
    for (int at = 0; at + pageBytes <= pages.length; at += pageBytes) {
      Bytes page = events.pageBytes(0, memory.asSlice(at, pageBytes));
      TracePage.read(page, events.page(), (nanos, record) -> events.read(0, nanos, record, join));
    }
    join.rest(true);
    return found;
  }

  List<Printed> printed(String kind) throws IOException {
    List<Printed> events = new ArrayList<>();
    for (String line : text(kind + ".trace").lines().toList()) {
      Matcher event = EVENT.matcher(line);
      Matcher frame = FRAME.matcher(line);
      Matcher location = LOCATION.matcher(line);
      if (event.find()) {
        events.add(
            new Printed(
                Long.parseLong(event.group(1) + event.group(2)),
                Long.parseUnsignedLong(event.group(3), 16),
                location.find() ? Long.parseUnsignedLong(location.group(1), 16) : 0,
                new ArrayList<>(),
                line));
      } else if (frame.matches()) {
        events.getLast().stack.add(Long.parseUnsignedLong(frame.group(1), 16));
      }
    }
    return events;
  }
}
