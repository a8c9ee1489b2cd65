package dropsite.capture.file;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link CaptureWriter} wrote, record by record, and what is left of it after other
 * tools saved, filtered or merged it; docs/capture-format.md is the specification.
 *
 * <p>Memory is bounded, whatever the file claims. A file that is cut is read to its last whole
 * block; {@link #missing} tells what is not there.
 */
public final class CaptureReader implements Closeable {
  private static final int BLOCK_HEAD_BYTES = 8;
  private static final int MOST_INTERFACES = 1 << 16;
  private static final List<byte[]> MAGICS =
      List.of(new byte[] {0x0a, 0x0d, 0x0d, 0x0a}, Unpacked.GZIP, Unpacked.ZSTD);

  /** How many bytes tell whether a file may be a capture file. */
  public static final int MAGIC_BYTES = 4;

  private final String file;
  private final BlockInput blocks;
  private final boolean withEvents;
  private final Presence presence;
  private final RecordParts parts;
  private final List<Interface> interfaces = new ArrayList<>();
  private @Nullable RecordParser records;
  private boolean newInterface;

  /** What is known of an interface that packets refer to. */
  private record Interface(TimeUnit unit, long recording) {}

  private CaptureReader(String file, InputStream input, boolean withEvents) throws IOException {
    this.file = file;
    this.blocks = new BlockInput(file, input);
    this.withEvents = withEvents;
    this.presence = new Presence();
    this.parts = new RecordParts(presence);
  }

  /**
   * Opens a capture file.
   *
   * @param file as the user named it, for messages
   * @param input closed with the reader
   */
  public static CaptureReader open(String file, InputStream input) throws IOException {
    return new CaptureReader(file, input, true);
  }

  /** As {@link #open}, for a reader that passes over events: nothing is told of them. */
  public static CaptureReader withoutEvents(String file, InputStream input) throws IOException {
    return new CaptureReader(file, input, false);
  }

  /**
   * Returns whether a capture file may begin with some bytes: a pcapng file, or a compressed one.
   *
   * @param count how many of the bytes there are, at most {@link #MAGIC_BYTES}
   */
  public static boolean mayBegin(byte[] first, int count) {
    return MAGICS.stream()
        .anyMatch(magic -> {
          int known = Math.min(count, magic.length);
          return Arrays.equals(first, 0, known, magic, 0, known);
        });
  }

  /**
   * Returns the next record, or null at the end.
   *
   * @throws MalformedInputException when the file breaks the rules of its format, or is none of
   *     ours
   */
  public @Nullable CaptureRecord next() throws IOException {
    while (true) {
      if (records != null) {
        CaptureRecord record = records.next();
        if (record != null) {
          presence.met(record);
          return record;
        }
        records = null;
      }
      if (!blocks.next()) {
        parts.end();
        if (presence.isEmpty()) {
          throw noCapture();
        }
        return null;
      }
      switch (blocks.type()) {
        case Format.SECTION_HEADER -> interfaces.clear();
        case Format.INTERFACE_DESCRIPTION -> readInterface();
        case Format.ENHANCED_PACKET -> {
          // Whether a file is ours may be known by nothing but its packets.
          boolean looked = withEvents || presence.isEmpty();
          CaptureRecord.Drop drop = looked ? packet() : null;
          if (!looked && newInterface) {
            passOver();
          }
          if (drop != null) {
            return drop;
          }
        }
        case Format.CUSTOM_BLOCK -> readCustom();
        default -> {}
      }
    }
  }

  /** Returns how much of each recording has been there so far, by the recording's number. */
  public Map<Long, Extent> extents() {
    return presence.extents();
  }

  /** Returns whether the file is known to end before it should, as far as it has been read. */
  public boolean isCut() {
    return blocks.cut() != null;
  }

  /**
   * Returns what the file does not hold (any more), and why, as far as it has been read: one
   * sentence each, without the file's name.
   */
  public List<String> missing() {
    return presence.missing(blocks.cut(), blocks.offset());
  }

  private void readInterface() {
    if (interfaces.size() == MOST_INTERFACES) {
      throw blocks.block().malformed(0, "more than " + MOST_INTERFACES + " interfaces");
    }
    Bytes block = blocks.block();
    TimeUnit unit = TimeUnit.MICROSECONDS;
    long recording = 0;
    Options options = new Options(block, BLOCK_HEAD_BYTES + 8);
    while (options.next()) {
      if (options.code() == Format.OPTION_TIME_RESOLUTION && options.length() == 1) {
        unit = TimeUnit.of(block.cursor(options.start()).u8());
      } else if (options.code() == Format.OPTION_CUSTOM) {
        Envelope envelope = Envelope.of(file, block, options.start(), options.end());
        if (envelope != null) {
          presence.met(envelope);
          RecordParts.Part part = part(envelope, options.end());
          recording = part.recording();
          presence.metInterface(recording);
          records = parts.single(file, part);
        }
      }
    }
    interfaces.add(new Interface(unit, recording));
    newInterface = true;
  }

  /** Takes the time of a packet that may be the first of a recording. */
  private void passOver() {
    newInterface = false;
    ByteCursor in = blocks.block().cursor(BLOCK_HEAD_BYTES);
    long interfaceId = in.u32();
    long time = in.u32() << Integer.SIZE | in.u32();
    if (interfaceId < interfaces.size()) {
      Interface met = interfaces.get((int) interfaceId);
      presence.metTime(met.recording(), met.unit().nanos(time));
    }
  }

  private CaptureRecord.@Nullable Drop packet() {
    Bytes block = blocks.block();
    ByteCursor in = block.cursor(BLOCK_HEAD_BYTES);
    long interfaceId = in.u32();
    long time = in.u32() << Integer.SIZE | in.u32();
    long captured = in.u32();
    long original = in.u32();
    long data = in.position();
    if (captured > block.sizeBytes() - Integer.BYTES - data) {
      throw in.malformed("a packet of " + captured + " bytes does not fit");
    }
    Options options = new Options(block, data + (captured + 3) / 4 * 4);
    while (options.next()) {
      Envelope envelope =
          options.code() == Format.OPTION_CUSTOM
              ? Envelope.of(file, block, options.start(), options.end())
              : null;
      if (envelope != null) {
        presence.met(envelope);
        Interface met =
            interfaceId < interfaces.size()
                ? interfaces.get((int) interfaceId)
                : new Interface(TimeUnit.NANOSECONDS, 0);
        long nanos = met.unit().nanos(time);
        presence.metEvent(met.recording(), nanos);
        return withEvents
            ? drop(met.recording(), nanos, data, captured, original, envelope, options)
            : null;
      }
    }
    if (presence.isEmpty()) {
      throw noCapture();
    }
    presence.metForeignPacket();
    return null;
  }

  private CaptureRecord.Drop drop(
      long recording,
      long nanos,
      long data,
      long captured,
      long original,
      Envelope envelope,
      Options options) {
    Bytes block = blocks.littleEndian();
    int head = (int) Math.min(captured, Format.LINK_HEADER_BYTES);
    byte[] packet = block.copy(data + head, (int) captured - head);
    ByteCursor fields = new ByteCursor(block, envelope.contentStart(), options.end());
    long originalBytes = Math.max(original - Format.LINK_HEADER_BYTES, packet.length);
    return new CaptureRecord.Drop(
        recording,
        EventFields.read(new FieldCursor(fields, options.end(), null), packet, originalBytes),
        nanos);
  }

  private void readCustom() {
    Bytes block = blocks.block();
    long end = block.sizeBytes() - Integer.BYTES;
    Envelope envelope = Envelope.of(file, block, BLOCK_HEAD_BYTES, end);
    if (envelope != null) {
      presence.met(envelope);
      RecordParts.Part part = part(envelope, end);
      presence.metBlock(part.recording());
      records = parts.add(file, part);
    }
  }

  private RecordParts.Part part(Envelope envelope, long end) {
    return RecordParts.Part.of(blocks.littleEndian(), envelope, end);
  }

  private MalformedInputException noCapture() {
    if (blocks.cut() != null) {
      return new MalformedInputException(
          file, blocks.cut() + ", before anything that says what dropped its packets");
    }
    return new MalformedInputException(
        file, "is pcapng, but no capture of dropsite: nothing in it says what dropped its packets");
  }

  @Override
  public void close() throws IOException {
    blocks.close();
  }
}
