package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import java.nio.charset.StandardCharsets;

/** Names of functions, directories and files by their offset. */
final class StringTable {
  /** No name is longer; a damaged table must not turn each of its names into megabytes. */
  private static final int MAX_STRING_BYTES = 1 << 16;

  /** Only the beginning is hashed: a damaged file may have strings of megabytes. */
  private static final int HASHED_BYTES = 64;

  /** About what a name takes. */
  private static final int AVERAGE_BYTES = 16;

  private final Bytes strings;
  private final StringCache cache;

  /**
   * @param file the whole file
   */
  StringTable(Bytes file, GsymHeader header) {
    this.strings = file.slice("string table", header.stringsOffset(), header.stringsSizeBytes());
    this.cache = new StringCache(header.stringsSizeBytes() / AVERAGE_BYTES);
  }

  /** Returns the string at an offset; bytes that are not UTF-8 become U+FFFD. */
  String at(long offset) {
    String known = cache.get(offset);
    return known != null ? known : cache.put(offset, read(offset));
  }

  private String read(long offset) {
    if (offset > strings.sizeBytes()) {
      throw strings.malformed(offset, "string outside the " + strings.sizeBytes() + " bytes");
    }
    long limit = Math.min(strings.sizeBytes(), offset + MAX_STRING_BYTES);
    return new ByteCursor(strings, offset, limit).string();
  }

  /** Returns a hash of the string at an offset: that of {@link #hash(byte[])} of its bytes. */
  int hashAt(long offset) {
    ByteCursor cursor = strings.cursor(offset);
    int hash = 0;
    int next = cursor.u8();
    for (int i = 0; i < HASHED_BYTES && next != 0; i++) {
      hash = 31 * hash + (byte) next;
      next = cursor.u8();
    }
    return hash;
  }

  /** Returns whether the string at an offset has exactly these bytes. */
  boolean equalsAt(long offset, byte[] text) {
    if (text.length >= strings.sizeBytes() - offset) {
      return false;
    }
    ByteCursor cursor = strings.cursor(offset);
    for (byte expected : text) {
      if (cursor.s8() != expected) {
        return false;
      }
    }
    return cursor.u8() == 0;
  }

  /** Returns the bytes of a name as the table holds them. */
  static byte[] encode(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the hash of a name's bytes. */
  static int hash(byte[] text) {
    int hash = 0;
    for (int i = 0; i < text.length && i < HASHED_BYTES; i++) {
      hash = 31 * hash + text[i];
    }
    return hash;
  }
}
