package dropsite.capture.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps account of what a file holds, to tell what it should hold and does not. */
final class Presence {
  /** More have hardly been merged; of further ones nothing is said. */
  private static final int MOST_RECORDINGS = 1000;

  private final Map<Long, Recording> recordings = new LinkedHashMap<>();
  private boolean ours;
  private boolean newer;
  private boolean gaps;
  private long foreignPackets;

  /** What there is of one recording. */
  private static final class Recording {
    private boolean kernel;
    private boolean blocks;
    private boolean ended;
    private boolean continued;
    private long events;
    private long eventsOfEnds;
    private long eventsSoFar;
    private @Nullable Long firstNanos;
  }

  /** Returns whether nothing in the file has been ours so far. */
  boolean isEmpty() {
    return !ours;
  }

  void met(Envelope envelope) {
    ours = true;
    newer |= envelope.minor() > Format.MINOR;
  }

  void met(CaptureRecord record) {
    Recording recording = recording(record.recording());
    switch (record) {
      case CaptureRecord.Kernel kernel -> recording.kernel = true;
      case CaptureRecord.End end -> {
        recording.ended |= !end.totals().continued();
        recording.continued |= end.totals().continued();
        recording.eventsOfEnds += end.totals().events();
        recording.eventsSoFar = Math.max(recording.eventsSoFar, end.totals().eventsSoFar());
      }
      default -> {}
    }
  }

  void metInterface(long number) {
    recording(number);
  }

  /**
   * @param nanos when the event was
   */
  void metEvent(long number, long nanos) {
    Recording recording = recording(number);
    recording.events++;
    metTime(recording, nanos);
  }

  /** Takes the time of what may be the first event of a recording. */
  void metTime(long number, long nanos) {
    metTime(recording(number), nanos);
  }

  private static void metTime(Recording recording, long nanos) {
    if (recording.firstNanos == null) {
      recording.firstNanos = nanos;
    }
  }

  void metBlock(long number) {
    recording(number).blocks = true;
  }

  void metForeignPacket() {
    foreignPackets++;
  }

  void metGap() {
    gaps = true;
  }

  private Recording recording(long number) {
    Recording known = recordings.get(number);
    if (known == null) {
      known = new Recording();
      if (recordings.size() < MOST_RECORDINGS) {
        recordings.put(number, known);
      }
    }
    return known;
  }

  Map<Long, Extent> extents() {
    Map<Long, Extent> extents = new HashMap<>();
    recordings.forEach((number, each) ->
        extents.put(
            number,
            new Extent(
                each.events,
                each.eventsOfEnds,
                each.eventsSoFar,
                each.continued && !each.ended,
                each.firstNanos)));
    return extents;
  }

  List<String> missing(@Nullable String cut, long offset) {
    List<String> sentences = new ArrayList<>();
    if (cut != null) {
      sentences.add("the file " + cut + ": what followed byte " + offset + " is gone");
    }
    recordings.forEach((number, recording) -> {
      String name =
          recordings.size() == 1
              ? "the recording"
              : "recording " + HexFormat.of().toHexDigits(number);
      addMissing(sentences, name, recording, cut != null);
    });
    if (gaps) {
      sentences.add("a part of the snapshot is gone: not all of its blocks are there");
    }
    if (foreignPackets > 0) {
      sentences.add(foreignPackets + " packets are of no recording of dropsite, and are left out");
    }
    if (newer) {
      sentences.add("a newer dropsite wrote the file: what it added to the format is not read");
    }
    return sentences;
  }

  private static void addMissing(
      List<String> sentences, String name, Recording recording, boolean cut) {
    if (!recording.kernel) {
      sentences.add(name + " does not say which kernel it is of");
    }
    if (!recording.blocks) {
      sentences.add(
          name
              + " has lost its custom blocks, which tools leave out when they filter: no snapshot"
              + " of the box, no names of namespaces, no counts of lost events");
    } else if (recording.eventsOfEnds > recording.events) {
      sentences.add(
          name
              + " had "
              + recording.eventsOfEnds
              + " events, of which another tool left out "
              + (recording.eventsOfEnds - recording.events));
    } else if (!recording.ended && recording.eventsOfEnds == 0 && !cut) {
      sentences.add(
          name
              + " has no end: it was stopped by force, or the disk was full, or another tool left"
              + " the end out");
    }
  }
}
