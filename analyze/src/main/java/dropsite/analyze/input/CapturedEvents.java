package dropsite.analyze.input;

import dropsite.analyze.box.Box;
import dropsite.analyze.box.BoxRecords;
import dropsite.capture.DropEvent;
import dropsite.capture.Losses;
import dropsite.capture.file.CaptureReader;
import dropsite.capture.file.CaptureRecord;
import dropsite.capture.file.Extent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of a capture file, of one boot: addresses mean something else after each, and captures
 * of several may have been merged.
 */
final class CapturedEvents implements EventReader {
  /** Sentences and merged recordings beyond these are not kept. */
  private static final int MOST_KEPT = 1000;

  private static final int MOST_STACKS = 1 << 14;

  private static final String CONSUMED = "SKB_CONSUMED";

  private final String source;
  private final CaptureReader reader;
  private final Map<Long, String> boots = new HashMap<>();
  private final Map<Long, Losses> losses = new HashMap<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final BoxRecords box = new BoxRecords();
  private final boolean first;
  private @Nullable String wanted;
  private long number;
  private long ofOtherBoots;
  private long withoutAddress;
  private Losses sum = Losses.NONE;
  private boolean counted;
  private final Set<Long> ended = new HashSet<>();
  private long recordedNanos;

  /** Recordings have few different stacks; equal ones share their frames, and are told by them. */
  private final Map<Addresses, List<StackFrame>> stacks =
      new LinkedHashMap<>(MOST_STACKS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Addresses, List<StackFrame>> eldest) {
          return size() > MOST_STACKS;
        }
      };

  /** Of a stack, innermost first. */
  @SuppressWarnings("ArrayRecordComponent") // never changed, and hot
  private record Addresses(long[] stack) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Addresses o && Arrays.equals(stack, o.stack);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(stack);
    }
  }

  /**
   * @param source the file as the user named it
   * @param input closed with the reader
   * @param boot whose events to read; null for the first boot in the file
   */
  CapturedEvents(String source, InputStream input, @Nullable String boot) throws IOException {
    this.source = source;
    this.reader = CaptureReader.open(source, input);
    this.wanted = boot;
    this.first = boot == null;
  }

  @Override
  public @Nullable StackEvent next() throws IOException {
    for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
      switch (record) {
        case CaptureRecord.Drop drop -> {
          StackEvent event = event(drop);
          if (event != null) {
            return event;
          }
        }
        case CaptureRecord.Kernel kernel -> meet(kernel);
        case CaptureRecord.Lost lost -> {
          counted |= isWanted(lost);
          if (isWanted(lost) && losses.size() < MOST_KEPT) {
            losses.put(lost.recording(), lost.losses());
          }
        }
        case CaptureRecord.End end -> {
          // Files of one recording that were merged each count from their own beginning.
          counted |= isWanted(end);
          meet(end);
          Losses ofFile = losses.remove(end.recording());
          sum = ofFile == null ? sum : sum.plus(ofFile);
        }
        case CaptureRecord.Note note -> {
          if (isWanted(note) && notes.size() < MOST_KEPT) {
            notes.add(note.text());
          }
        }
        case CaptureRecord.Module module -> {}
        case CaptureRecord.Reasons reasons -> {}
        case CaptureRecord.Symbols symbols -> {}
        case CaptureRecord.Names names -> describe(names);
        case CaptureRecord.Snapshot snapshot -> describe(snapshot);
      }
    }
    return null;
  }

  private void meet(CaptureRecord.End end) {
    if (isWanted(end)) {
      ended.add(end.recording());
      recordedNanos += Math.max(end.totals().durationNanos(), 0);
    }
  }

  /** Returns whether all recordings of the boot have their ends. */
  private boolean isWhole() {
    return boots.entrySet().stream()
        .filter(each -> each.getValue().equals(wanted))
        .allMatch(each -> ended.contains(each.getKey()));
  }

  private void describe(CaptureRecord record) {
    if (isWanted(record)) {
      box.meet(record);
    }
  }

  private boolean isWanted(CaptureRecord record) {
    return isWanted(record.recording());
  }

  private boolean isWanted(long recording) {
    String boot = boots.get(recording);
    return boot == null ? first : boot.equals(wanted);
  }

  private void meet(CaptureRecord.Kernel kernel) {
    String boot = kernel.kernel().bootId();
    if (wanted == null) {
      wanted = boot;
    }
    if (boots.size() < MOST_KEPT) {
      boots.put(kernel.recording(), boot);
    }
    describe(kernel);
  }

  private @Nullable StackEvent event(CaptureRecord.Drop drop) {
    number++;
    if (!isWanted(drop)) {
      ofOtherBoots++;
      return null;
    }
    DropEvent event = drop.event();
    long[] addresses = event.stack();
    if (addresses.length == 0) {
      if (event.location() == 0) {
        withoutAddress++;
        return null;
      }
      // The tracepoint's location is where its caller goes on: a return address too.
      addresses = new long[] {event.location()};
    }
    List<StackFrame> frames =
        stacks.computeIfAbsent(
            new Addresses(addresses),
            // A copy, which nobody copies again: Stream.toList's would be.
            stack ->
                List.copyOf(Arrays.stream(stack.stack()).mapToObj(StackFrame::ofAddress).toList()));
    return new StackEvent(
        source, number, "", facts(event, drop.realNanos(), box.release()), frames, 1);
  }

  private static EventFacts facts(DropEvent event, long realNanos, @Nullable String release) {
    DropEvent.Device device = event.device();
    boolean reason = !event.consumed() && event.reason() != DropEvent.NO_REASON;
    return new EventFacts(
        realNanos,
        event.task().equals(DropEvent.Task.UNKNOWN) ? null : BoxRecords.text(event.task().comm()),
        event.task().equals(DropEvent.Task.UNKNOWN) ? null : event.task().pid(),
        device.name().isEmpty() ? null : BoxRecords.text(device.name()),
        device.netns() == 0 ? null : device.netns(),
        reason ? Integer.toUnsignedLong(event.reason()) : null,
        event.consumed() ? CONSUMED : null,
        null,
        event.location() == 0 ? null : event.location(),
        PacketSummary.of(event.packet().bytes(), 0, event.packet().protocol() & 0xffff),
        release,
        event);
  }

  @Override
  public Box box() {
    return box.box();
  }

  @Override
  public Coverage coverage() {
    Losses all = sum;
    for (Losses unfinished : losses.values()) {
      all = all.plus(unfinished);
    }
    List<String> missing = new ArrayList<>(reader.missing());
    if (first) {
      say(
          missing,
          ofOtherBoots,
          "are of another boot than the first: read from a file, they are analysed too");
    }
    if (box.leftOut()) {
      missing.add("the snapshots are more than is kept");
    }
    say(missing, withoutAddress, "have neither stack nor location");
    say(missing, all.ringFull(), "are lost: they came faster than they were read (--buffer)");
    say(missing, all.rateLimited(), "were left out to protect the box (--max-rate)");
    say(missing, all.recursion(), "are lost: the probe was busy on the same CPU");
    say(missing, all.stacksCut(), "have a stack that goes on beyond what was recorded");
    say(missing, all.stacksMissing(), "have no stack, because the kernel gave none");
    say(missing, all.packetsUnreadable(), "have no packet bytes, because they could not be read");
    say(missing, all.filtered(), "were left out by the filters of the recording");
    if (all.filtered() < 0) {
      missing.add("what the filters of the recording left out was not counted");
    }
    Map<Long, Extent> extents = reader.extents();
    extents.keySet().removeIf(recording -> !isWanted(recording));
    boolean whole = isWhole();
    return new Coverage(
        counted ? Long.valueOf(all.events()) : null,
        all.filtered() < 0 ? null : Long.valueOf(all.filtered()),
        extents,
        List.copyOf(notes),
        missing,
        whole && !ended.isEmpty() ? Long.valueOf(recordedNanos) : null,
        !whole || reader.isCut());
  }

  private static void say(List<String> sentences, long events, String problem) {
    if (events > 0) {
      sentences.add(events + " events " + problem);
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
