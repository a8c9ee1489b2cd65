package dropsite.capture.file;

import dropsite.bytes.ByteSink;
import dropsite.capture.DropEvent;
import dropsite.capture.Losses;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.KernelSymbols;
import dropsite.capture.host.NetworkNames;
import dropsite.capture.host.ReasonEnum;
import dropsite.capture.host.SnapshotPart;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a recording as docs/capture-format.md specifies; only whole blocks reach a file.
 *
 * <p>Events are encoded as they come and written when there are many of them or at {@link #flush}.
 * Everything else gathers until the next flush, which packs it into as few blocks as possible:
 * Wireshark shows each as a row. Used by one thread, which must not be interrupted: that closes
 * files in the middle of a write.
 */
public final class CaptureWriter implements Closeable {
  private static final int WRITE_BYTES = 1 << 16;

  private final CaptureFiles files;
  private final CaptureStart start;
  private final long recording;
  private final BlockSink blocks = new BlockSink();
  private final PacketBlocks packets;

  /** Records gathered since the last flush that every file of the recording needs. */
  private final ByteSink lasting = new ByteSink();

  /** Records gathered since the last flush that are of this file or moment. */
  private final ByteSink passing = new ByteSink();

  /**
   * What has become known since the start of what filtering must not lose; see {@link FileHead}.
   */
  private final ByteSink late = new ByteSink();

  private boolean lateUnwritten;

  /** Blocks for the beginning of the next file; empty where there will be none. */
  private final List<byte[]> repeated = new ArrayList<>();

  private BlockOutput output;
  private Losses losses = Losses.NONE;
  private Losses lossesBeforeFile = Losses.NONE;
  private Losses lossesWritten = Losses.NONE;
  private long eventsOfFile;
  private long events;
  private long bytesOfFile;
  private long bytesOfEarlierFiles;
  private boolean failed;

  /** Whether the file has been closed, and none has been begun. */
  private boolean ended;

  /**
   * Begins a recording.
   *
   * @param files where it goes
   * @param start what is known of the box
   * @throws IOException when the file cannot be created or written
   */
  public CaptureWriter(CaptureFiles files, CaptureStart start) throws IOException {
    this.files = files;
    this.start = start;
    this.recording = start.recording();
    this.packets = new PacketBlocks(blocks, recording, start.kernel().clocks().getLast());
    this.output = files.next();
    RecordFields.write(lasting, start.kernel());
    start.modules().forEach(module -> RecordFields.write(lasting, module));
    start.reasons().forEach(reasons -> RecordFields.write(lasting, reasons));
    beginFile();
    flush();
  }

  private void beginFile() {
    new FileHead(blocks, recording).write(start);
    packets.begin();
    lateUnwritten = late.size() > 0;
    writeLate();
    for (byte[] block : repeated) {
      blocks.bytes().raw(block);
    }
  }

  /** Writes an event. */
  public void event(DropEvent event) throws IOException {
    event(event, packets.realNanos(event), null);
  }

  /**
   * Writes an event that has been read from a recording.
   *
   * @param realNanos CLOCK_REALTIME as it stood there
   * @param comment for people who look at its packet; null for none
   */
  public void event(DropEvent event, long realNanos, @Nullable String comment) throws IOException {
    packets.write(event, realNanos, comment);
    events++;
    eventsOfFile++;
    if (blocks.size() >= WRITE_BYTES) {
      write(false);
      rotateIfFull();
    }
  }

  /** Writes the kernel again, with later readings of the clocks or what else has become known. */
  public void kernel(HostKernel kernel) {
    packets.clock(kernel.clocks().getLast());
    RecordFields.write(lasting, kernel);
  }

  /** Writes a module that has been loaded since the start. */
  public void module(HostModule module) {
    RecordFields.write(lasting, module);
    RecordFields.write(late, FileHead.brief(module));
    lateUnwritten = true;
  }

  /** Writes drop reasons that have become known since the start. */
  public void reasons(ReasonEnum reasons) {
    RecordFields.write(lasting, reasons);
    RecordFields.write(late, reasons);
    lateUnwritten = true;
  }

  /** Writes symbols; of more than a file may hold, the first lines. */
  public void symbols(KernelSymbols symbols) throws IOException {
    byte[] lines = symbols.lines();
    int length = lines.length;
    if (length > Format.MOST_TEXT_BYTES) {
      length = Format.MOST_TEXT_BYTES;
      while (length > 0 && lines[length - 1] != '\n') {
        length--;
      }
      note("kallsyms (" + symbols.about() + ") is cut after " + length + " bytes");
    }
    makeRoom();
    RecordFields.write(lasting, new KernelSymbols(symbols.about(), Arrays.copyOf(lines, length)));
  }

  /** Writes names of a namespace. */
  public void names(NetworkNames names) {
    RecordFields.write(lasting, names);
  }

  /** Writes a part of the snapshot; of more than a file may hold, the first bytes. */
  public void snapshot(SnapshotPart part) throws IOException {
    int length = Math.min(part.bytes().length, Format.MOST_TEXT_BYTES);
    makeRoom();
    RecordFields.write(
        part.phase() == SnapshotPart.Phase.AFTER ? passing : lasting,
        new SnapshotPart(
            part.name(),
            part.phase(),
            part.netns(),
            part.realNanos(),
            part.origin(),
            Arrays.copyOf(part.bytes(), length),
            part.cut() || length < part.bytes().length,
            part.problem()));
  }

  private void makeRoom() throws IOException {
    if (lasting.size() + passing.size() > Format.MOST_RECORDS_BYTES - Format.MOST_TEXT_BYTES) {
      flush();
    }
  }

  /** Writes a sentence for whoever reads the recording. */
  public void note(String text) {
    RecordFields.writeNote(lasting, text);
  }

  /** Notes what has been lost since the probe was attached; written at the next flush, if new. */
  public void losses(Losses counted) {
    losses = counted;
  }

  /** Makes all so far readable, even if nothing more comes. To be called each second. */
  public void flush() throws IOException {
    noteLosses();
    encodeRecords();
    write(true);
    rotateIfFull();
  }

  private void noteLosses() {
    Losses ofFile = losses.since(lossesBeforeFile);
    if (!ofFile.equals(lossesWritten)) {
      RecordFields.write(passing, ofFile);
      lossesWritten = ofFile;
    }
  }

  private void writeLate() {
    if (lateUnwritten && !FileHead.tooLarge(late)) {
      FileHead.writeInterface(blocks, "(no device)", "what was loaded later", recording, late);
      packets.skipInterface();
    }
    lateUnwritten = false;
  }

  private void encodeRecords() {
    writeLate();
    if (lasting.size() > 0) {
      int from = blocks.size();
      blocks.records(recording, lasting);
      lasting.clear();
      if (files.rotate()) {
        ByteSink copy = new ByteSink();
        copy.raw(blocks.bytes(), from, blocks.size());
        repeated.add(copy.toArray());
      }
    }
    if (passing.size() > 0) {
      blocks.records(recording, passing);
      passing.clear();
    }
  }

  private void write(boolean flush) throws IOException {
    if (failed || (blocks.size() == 0 && !flush)) {
      return;
    }
    bytesOfFile += blocks.size();
    try {
      output.write(blocks.view(), flush);
    } catch (IOException e) {
      failed = true;
      throw e;
    } finally {
      blocks.clear();
    }
  }

  private void rotateIfFull() throws IOException {
    if (eventsOfFile > 0 && files.full(output)) {
      endFile(totals(0, 0, true));
      bytesOfEarlierFiles += bytesOfFile;
      bytesOfFile = 0;
      eventsOfFile = 0;
      lossesBeforeFile = losses;
      lossesWritten = Losses.NONE;
      output = files.next();
      ended = false;
      beginFile();
      write(true);
    }
  }

  /**
   * Ends the recording; nothing can be written afterwards.
   *
   * @param cpuNanos that it took of the box's processors
   * @param durationNanos how long it ran
   */
  public void end(long cpuNanos, long durationNanos) throws IOException {
    endFile(totals(cpuNanos, durationNanos, false));
  }

  /**
   * Ends a copy of files of a recording; nothing can be written afterwards.
   *
   * @param copied what they came to
   */
  public void end(Totals copied) throws IOException {
    Totals of = totals(copied.cpuNanos(), copied.durationNanos(), copied.continued());
    endFile(
        new Totals(
            Math.max(copied.events(), eventsOfFile),
            copied.earlierEvents(),
            of.bytes(),
            of.cpuNanos(),
            of.durationNanos(),
            of.continued()));
  }

  private Totals totals(long cpuNanos, long durationNanos, boolean continued) {
    return new Totals(
        eventsOfFile,
        events - eventsOfFile,
        bytesOfFile + blocks.size(),
        cpuNanos,
        durationNanos,
        continued);
  }

  private void endFile(Totals totals) throws IOException {
    noteLosses();
    RecordFields.write(passing, totals);
    encodeRecords();
    write(true);
    ended = true;
    output.close();
  }

  /** Closes the file that is being written and deletes it: there is nothing to record. */
  public void discard() throws IOException {
    ended = true;
    output.close();
    files.deleteCurrent();
  }

  /** Returns how many events have been written. */
  public long events() {
    return events;
  }

  /** Returns how many bytes have been written, before compression. */
  public long bytes() {
    return bytesOfEarlierFiles + bytesOfFile + blocks.size();
  }

  /** Writes what there is and closes the file; {@link #end} tells readers that it is complete. */
  @Override
  public void close() throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    try {
      noteLosses();
      encodeRecords();
      write(true);
    } finally {
      output.close();
    }
  }
}
