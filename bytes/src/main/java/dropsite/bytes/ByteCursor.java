package dropsite.bytes;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A position in {@link Bytes} that reads values and moves on; every read is bounds-checked.
 *
 * <p>All reads throw {@link MalformedInputException} at the end of the bytes, with the offset where
 * the value began; of a LEB128, with that of the byte that is missing.
 *
 * <p>What is read passes through a window on the heap, which starts small and grows while reading
 * goes straight on: a single lookup, most of which runs before the JVM has compiled anything, takes
 * less time than by reading the memory segment value by value (docs/performance.md).
 */
public final class ByteCursor {
  /** Longer than any name; what is longer is not a string but damage. */
  private static final long MAX_STRING_BYTES = 1 << 24;

  private static final int FIRST_WINDOW_BYTES = 1 << 7;
  private static final int LAST_WINDOW_BYTES = 1 << 14;

  /** More than any unit of a kernel; what is larger is read window by window. */
  private static final int MAX_HELD_BYTES = 1 << 23;

  private static final byte[] NO_WINDOW = {};

  private final Bytes bytes;
  private final boolean bigEndian;
  private final long limit;

  private byte[] window = NO_WINDOW;

  /** Whether other cursors read the same window: it must not be written to. */
  private boolean shared;

  /** Offset of the window's first byte, from the start of the bytes. */
  private long windowStart;

  /** Index in the window of the next byte, and of the first one that it does not hold. */
  private int at;

  private int end;
  private int nextWindowBytes = FIRST_WINDOW_BYTES;

  /**
   * @param position first byte to read
   * @param limit one past the last byte that may be read
   */
  public ByteCursor(Bytes bytes, long position, long limit) {
    this.bytes = bytes;
    this.bigEndian = bytes.bigEndian();
    if (limit < 0 || limit > bytes.sizeBytes()) {
      throw bytes.malformed(
          limit, "end lies outside the " + bytes.sizeBytes() + " bytes there are");
    }
    this.limit = limit;
    byte[] array = bytes.array();
    if (array != null) {
      this.window = array;
      this.end = (int) limit;
      this.shared = true;
    }
    seek(position);
  }

  /**
   * Returns a cursor at the start of a part that will be read to its end, or many times: where the
   * part is not too large its window holds all of it.
   *
   * @param limit one past the last byte that may be read
   */
  public static ByteCursor holding(Bytes bytes, long start, long limit) {
    ByteCursor cursor = new ByteCursor(bytes, start, limit);
    if (limit - start <= MAX_HELD_BYTES) {
      cursor.windowStart = start;
      cursor.at = 0;
      cursor.end = (int) (limit - start);
      cursor.window = bytes.copy(start, cursor.end);
      cursor.shared = true;
    }
    return cursor;
  }

  /** Returns another cursor with the same limit, which shares what this one holds. */
  public ByteCursor startingAt(long position) {
    ByteCursor other = new ByteCursor(bytes, windowStart, limit);
    if (shared) {
      other.windowStart = windowStart;
      other.window = window;
      other.end = end;
      other.shared = true;
    }
    other.seek(position);
    return other;
  }

  /**
   * Returns all bytes from the start of a cursor made by {@link #holding} to the limit, for loops
   * that cannot afford to move a cursor; null where they were too many. Not to be written to.
   */
  public byte @Nullable [] held() {
    return shared ? window : null;
  }

  /** Returns the offset of the next byte, from the start of the bytes. */
  public long position() {
    return windowStart + at;
  }

  /** Returns the offset at which reading must stop. */
  public long limit() {
    return limit;
  }

  /** Returns the number of bytes left. */
  public long remaining() {
    return limit - position();
  }

  /** Returns whether anything is left. */
  public boolean hasRemaining() {
    return at < end || position() < limit;
  }

  /** Returns what this cursor reads. */
  public Bytes bytes() {
    return bytes;
  }

  /** Moves to an offset from the start of the bytes; the limit itself is allowed. */
  public void seek(long offset) {
    if (offset < 0 || offset > limit) {
      throw bytes.malformed(offset, "offset lies outside the " + limit + " bytes there are");
    }
    long index = offset - windowStart;
    if (index >= 0 && index <= end) {
      at = (int) index;
      return;
    }
    windowStart = offset;
    at = 0;
    end = 0;
    nextWindowBytes = FIRST_WINDOW_BYTES;
    if (shared) {
      window = NO_WINDOW;
      shared = false;
    }
  }

  /** Moves forward. */
  public void skip(long count) {
    if (count >= 0 && count <= end - at) {
      at += (int) count;
      return;
    }
    if (count < 0 || count > remaining()) {
      throw truncated(count);
    }
    seek(position() + count);
  }

  /** Reads an unsigned byte. */
  public int u8() {
    if (at == end) {
      fill(1);
    }
    return window[at++] & 0xff;
  }

  /** Reads a signed byte. */
  public int s8() {
    return (byte) u8();
  }

  /** Reads an unsigned 16-bit value. */
  public int u16() {
    need(2);
    int first = window[at] & 0xff;
    int second = window[at + 1] & 0xff;
    at += 2;
    return bigEndian ? (first << 8) | second : (second << 8) | first;
  }

  /** Reads an unsigned 24-bit value. */
  public int u24() {
    int first = u8();
    int second = u8();
    int third = u8();
    return bigEndian
        ? (first << 16) | (second << 8) | third
        : (third << 16) | (second << 8) | first;
  }

  /** Reads a 32-bit value as a signed int. */
  public int s32() {
    need(4);
    int value = quad(at);
    at += 4;
    return value;
  }

  /** Reads an unsigned 32-bit value. */
  public long u32() {
    return s32() & 0xffffffffL;
  }

  /** Reads a 64-bit value; addresses are unsigned. */
  public long u64() {
    need(8);
    long first = quad(at) & 0xffffffffL;
    long second = quad(at + 4) & 0xffffffffL;
    at += 8;
    return bigEndian ? (first << Integer.SIZE) | second : (second << Integer.SIZE) | first;
  }

  private int quad(int index) {
    int first = window[index] & 0xff;
    int second = window[index + 1] & 0xff;
    int third = window[index + 2] & 0xff;
    int fourth = window[index + 3] & 0xff;
    return bigEndian
        ? (first << 24) | (second << 16) | (third << 8) | fourth
        : (fourth << 24) | (third << 16) | (second << 8) | first;
  }

  /** Reads an unsigned value of 1, 2, 4 or 8 bytes. */
  public long unsigned(int sizeBytes) {
    return switch (sizeBytes) {
      case 1 -> u8();
      case 2 -> u16();
      case 4 -> u32();
      case 8 -> u64();
      default -> throw bytes.malformed(position(), "a value of " + sizeBytes + " bytes");
    };
  }

  /** Reads an unsigned LEB128 (DWARF 5 §7.6); bits above the 64th are dropped. */
  public long uleb() {
    int next = u8();
    if (next < 0x80) {
      return next;
    }
    long value = next & 0x7f;
    for (int shift = 7; ; shift += 7) {
      next = u8();
      if (shift < Long.SIZE) {
        value |= (next & 0x7fL) << shift;
      }
      if (next < 0x80) {
        return value;
      }
    }
  }

  /** Reads a signed LEB128 (DWARF 5 §7.6); bits above the 64th are dropped. */
  public long sleb() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      int next = u8();
      if (shift < Long.SIZE) {
        value |= (next & 0x7fL) << shift;
      }
      if (next < 0x80) {
        boolean negative = (next & 0x40) != 0;
        return negative && shift + 7 < Long.SIZE ? value | (-1L << (shift + 7)) : value;
      }
    }
  }

  /** Moves over one LEB128 without decoding it. */
  public void skipLeb() {
    int next = u8();
    while (next >= 0x80) {
      next = u8();
    }
  }

  /** Reads a NUL-terminated string; bytes that are not UTF-8 become U+FFFD. */
  public String string() {
    int nul = nulInWindow();
    if (nul >= 0) {
      int first = at;
      at = nul + 1;
      return new String(window, first, nul - first, StandardCharsets.UTF_8);
    }
    long start = position();
    skipString();
    long length = position() - 1 - start;
    if (length > MAX_STRING_BYTES) {
      throw bytes.malformed(start, "string of " + length + " bytes");
    }
    return new String(bytes.copy(start, (int) length), StandardCharsets.UTF_8);
  }

  /** Moves over a NUL-terminated string and its NUL. */
  public void skipString() {
    long start = position();
    for (int nul = nulInWindow(); ; nul = nulInWindow()) {
      if (nul >= 0) {
        at = nul + 1;
        return;
      }
      at = end;
      if (position() == limit) {
        throw bytes.malformed(start, "string without an end");
      }
      fill(1);
    }
  }

  /**
   * Returns the index in the window, which may move for it, of the first NUL at or behind the
   * position; negative when the window holds none.
   */
  private int nulInWindow() {
    if (at == end && position() < limit) {
      fill(1);
    }
    for (int i = at; i < end; i++) {
      if (window[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  /** Returns a cursor over the next bytes, and moves behind them. */
  public ByteCursor sub(long sizeBytes) {
    long start = position();
    skip(sizeBytes);
    return new ByteCursor(bytes, start, start + sizeBytes);
  }

  /** Returns the exception for something wrong at the current offset. */
  public MalformedInputException malformed(String problem) {
    return bytes.malformed(position(), problem);
  }

  private void need(int count) {
    if (end - at < count) {
      fill(count);
    }
  }

  /** Moves the window to the position, so that it holds at least some bytes. */
  private void fill(int count) {
    long left = remaining();
    if (count > left) {
      throw truncated(count);
    }
    windowStart = position();
    int size = (int) Math.min(left, Math.max(count, nextWindowBytes));
    nextWindowBytes = Math.min(nextWindowBytes * 4, LAST_WINDOW_BYTES);
    if (window.length < size) {
      window = new byte[size];
    }
    bytes.copy(windowStart, window, size);
    at = 0;
    end = size;
  }

  private MalformedInputException truncated(long wanted) {
    return bytes.malformed(
        position(),
        "needs " + Long.toUnsignedString(wanted) + " bytes, only " + remaining() + " are left");
  }
}
