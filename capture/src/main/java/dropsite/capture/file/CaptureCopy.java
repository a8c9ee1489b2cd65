package dropsite.capture.file;

import dropsite.bytes.ByteSink;
import dropsite.bytes.Bytes;
import dropsite.command.FileInTheMaking;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Copies capture files behind one another into one, block by block, and says with packets what is
 * known of them (option opt_comment). All else stays as it is, byte for byte, but for the length of
 * a section, which is set to "not known"; files that are cut end at their last whole block.
 */
public final class CaptureCopy implements Closeable {
  /** Longer comments are cut: nobody reads them in a list of packets. */
  public static final int LONGEST_COMMENT_BYTES = 2000;

  private static final String DOTS = "\u2026";
  private static final int WRITE_BYTES = 1 << 16;
  private static final int SECTION_LENGTH_AT = 16;
  private static final int CAPTURED_LENGTH_AT = 20;
  private static final int PACKET_DATA_AT = 28;
  private static final int OPTION_HEAD_BYTES = 4;

  /** How comments of ours begin; those of an earlier copy are replaced, those of people kept. */
  private static final Pattern OURS = Pattern.compile("\\[\\d+\\] .*", Pattern.DOTALL);

  private final CaptureFiles files;
  private final BlockOutput output;
  private final @Nullable FileInTheMaking unfinished;
  private final ByteSink pending = new ByteSink();

  /**
   * Begins a file.
   *
   * @throws IOException when it cannot be created
   */
  public CaptureCopy(CaptureFiles files) throws IOException {
    this.files = files;
    this.output = files.next();
    Path file = files.current();
    this.unfinished = file == null ? null : FileInTheMaking.at(file);
  }

  /** Adds a file as it is; parameters and result as of the other method. */
  public @Nullable String add(String file, InputStream input) throws IOException {
    return copy(file, input, null);
  }

  /**
   * Adds a file with comments in place of those that an earlier copy made.
   *
   * @param file as the user named it, for messages
   * @param input closed at the end
   * @param comments gives the comment for each event by its number in the file, from 1, as {@link
   *     CaptureReader} counts them; null for none
   * @return how the file is cut, a part of a sentence; null when it is whole
   */
  public @Nullable String add(
      String file, InputStream input, LongFunction<@Nullable String> comments) throws IOException {
    return copy(file, input, comments);
  }

  private @Nullable String copy(
      String file, InputStream input, @Nullable LongFunction<@Nullable String> comments)
      throws IOException {
    long events = 0;
    try (BlockInput blocks = new BlockInput(file, input)) {
      while (blocks.next()) {
        int from = pending.size();
        if (blocks.type() == Format.ENHANCED_PACKET && comments != null) {
          boolean event = isEvent(file, blocks.block());
          events += event ? 1 : 0;
          addPacket(blocks.block(), event ? comments.apply(events) : null);
        } else {
          pending.raw(blocks.block().copy(0, (int) blocks.block().sizeBytes()));
        }
        if (blocks.type() == Format.SECTION_HEADER) {
          pending.set32(from + SECTION_LENGTH_AT, -1);
          pending.set32(from + SECTION_LENGTH_AT + Integer.BYTES, -1);
        }
        if (pending.size() >= WRITE_BYTES) {
          write();
        }
      }
      write();
      return blocks.cut();
    }
  }

  private static Options options(Bytes block) {
    long captured = block.cursor(CAPTURED_LENGTH_AT).u32();
    if (captured > block.sizeBytes() - Integer.BYTES - PACKET_DATA_AT) {
      throw block.malformed(CAPTURED_LENGTH_AT, "a packet of " + captured + " bytes does not fit");
    }
    return new Options(block, PACKET_DATA_AT + (captured + 3) / 4 * 4);
  }

  private static boolean isEvent(String file, Bytes block) {
    Options options = options(block);
    while (options.next()) {
      if (options.code() == Format.OPTION_CUSTOM
          && Envelope.of(file, block, options.start(), options.end()) != null) {
        return true;
      }
    }
    return false;
  }

  /** Adds a packet with a comment before its other options. */
  private void addPacket(Bytes block, @Nullable String comment) {
    long captured = block.cursor(CAPTURED_LENGTH_AT).u32();
    int data = (int) (PACKET_DATA_AT + (captured + 3) / 4 * 4);
    int from = pending.size();
    pending.raw(block.copy(0, data));
    boolean any = false;
    if (comment != null) {
      any = true;
      addOption(block, Format.OPTION_COMMENT, bounded(comment).getBytes(StandardCharsets.UTF_8));
    }
    Options options = options(block);
    while (options.next()) {
      byte[] value = block.copy(options.start(), options.length());
      boolean replaced =
          options.code() == Format.OPTION_COMMENT
              && OURS.matcher(new String(value, StandardCharsets.UTF_8)).matches();
      if (!replaced) {
        any = true;
        addOption(block, options.code(), value);
      }
    }
    if (any) {
      pending.u32(0); // the end of options
    }
    int length = pending.size() - from + Integer.BYTES;
    number(block, length);
    pending.set32(from + Integer.BYTES, block.bigEndian() ? Integer.reverseBytes(length) : length);
  }

  private void addOption(Bytes block, int code, byte[] value) {
    if (block.bigEndian()) {
      number(block, code << Short.SIZE | value.length);
    } else {
      number(block, value.length << Short.SIZE | code);
    }
    pending.raw(value);
    for (int i = value.length; i % OPTION_HEAD_BYTES != 0; i++) {
      pending.u8(0);
    }
  }

  private void number(Bytes block, int value) {
    pending.u32(block.bigEndian() ? Integer.reverseBytes(value) : value);
  }

  /** Returns a text whose UTF-8 is of bounded length, cut between characters. */
  static String bounded(String text) {
    byte[] all = text.getBytes(StandardCharsets.UTF_8);
    if (all.length <= LONGEST_COMMENT_BYTES) {
      return text;
    }
    int end = LONGEST_COMMENT_BYTES - DOTS.getBytes(StandardCharsets.UTF_8).length;
    while ((all[end] & 0xc0) == 0x80) {
      end--;
    }
    return new String(all, 0, end, StandardCharsets.UTF_8) + DOTS;
  }

  /**
   * Returns what a {@link CaptureWriter} takes to add a recording of its own behind what is there.
   */
  public CaptureFiles section() {
    return CaptureFiles.to(
        files.name(),
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer blocks) throws IOException {
            int count = blocks.remaining();
            output.write(blocks, false);
            blocks.position(blocks.limit());
            return count;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {
            // More may follow.
          }
        },
        Compression.NONE);
  }

  private void write() throws IOException {
    output.write(pending.view(), false);
    pending.clear();
  }

  /** Closes the file and deletes it: it did not get whole. */
  public void discard() throws IOException {
    try {
      output.close();
    } finally {
      if (unfinished != null) {
        unfinished.delete();
      }
    }
  }

  @Override
  public void close() throws IOException {
    output.close();
    if (unfinished != null) {
      unfinished.close();
    }
  }
}
