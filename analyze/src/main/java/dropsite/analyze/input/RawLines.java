package dropsite.analyze.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines, with bounded memory whatever it holds.
 *
 * <p>Lines are looked at where they lie, so that what nobody keeps is never copied; eight bytes at
 * a time, which a plain loop over bytes is several times slower than.
 */
final class RawLines implements Closeable {
  /** Longer lines arrive in pieces; no stack format comes near it. */
  private static final int LONGEST_BYTES = 1 << 16;

  private static final long EACH_BYTE = 0x0101010101010101L;
  private static final long TOP_BITS = 0x8080808080808080L;
  private static final long NEWLINES = '\n' * EACH_BYTE;

  /** Odd, its bits without a pattern: the golden ratio's. */
  private static final long MIXER = 0x9e3779b97f4a7c15L;

  private final InputStream input;
  private final byte[] buffer = new byte[4 * LONGEST_BYTES];
  private final ByteBuffer words = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
  private int start;
  private int textEnd;
  private int end;
  private int filled;

  RawLines(InputStream input) {
    this.input = input;
  }

  /** Moves to the next line, and returns whether there is one. */
  boolean advance() throws IOException {
    start = end;
    int scanned = start;
    while (true) {
      int limit = Math.min(filled, start + LONGEST_BYTES);
      int newline = newline(scanned, limit);
      if (newline >= 0) {
        end = newline + 1;
        textEnd = newline > start && buffer[newline - 1] == '\r' ? newline - 1 : newline;
        return true;
      }
      int length = limit - start;
      if (length == LONGEST_BYTES || !fill()) {
        end = start + length;
        textEnd = end;
        return length > 0;
      }
      scanned = start + length;
    }
  }

  private int newline(int from, int limit) {
    int i = from;
    for (; i + Long.BYTES <= limit; i += Long.BYTES) {
      long differing = words.getLong(i) ^ NEWLINES;
      // The lowest top bit that this sets belongs to the first byte that is zero.
      long zeros = (differing - EACH_BYTE) & ~differing & TOP_BITS;
      if (zeros != 0) {
        return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
      }
    }
    for (; i < limit; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Reads on; the line begun may move. Returns whether there was more. */
  private boolean fill() throws IOException {
    if (start == filled || buffer.length - filled < LONGEST_BYTES) {
      System.arraycopy(buffer, start, buffer, 0, filled - start);
      filled -= start;
      start = 0;
    }
    int read = input.read(buffer, filled, buffer.length - filled);
    filled += Math.max(read, 0);
    return read >= 0;
  }

  /** Returns the array that holds the line from {@link #start} to {@link #textEnd}. */
  byte[] array() {
    return buffer;
  }

  int start() {
    return start;
  }

  int textEnd() {
    return textEnd;
  }

  /** Returns whether the line ends; the last one, and pieces of an overlong one, need not. */
  boolean ends() {
    return textEnd < end;
  }

  /** Returns a number that the bytes of the line and its end determine. */
  long hash() {
    long hash = (long) end - start;
    int i = start;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      hash = Long.rotateLeft(hash ^ words.getLong(i), 29) * MIXER;
    }
    for (; i < end; i++) {
      hash = Long.rotateLeft(hash ^ buffer[i], 29) * MIXER;
    }
    return hash ^ (hash >>> 32);
  }

  boolean is(RawLine other) {
    return other.is(buffer, start, end);
  }

  /** Returns a copy of the line. */
  RawLine copy() {
    return new RawLine(Arrays.copyOfRange(buffer, start, end), textEnd - start);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
