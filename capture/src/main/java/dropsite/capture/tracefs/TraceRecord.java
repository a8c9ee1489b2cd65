package dropsite.capture.tracefs;

import dropsite.bytes.Bytes;
import dropsite.capture.tracefs.EventFormat.Field;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A record of an event, read by the names of its fields. */
final class TraceRecord {
  private static final int NAME_BYTES = 64;

  private final Bytes bytes;
  private final EventFormat format;

  TraceRecord(Bytes bytes, EventFormat format) {
    this.bytes = bytes;
    this.format = format;
  }

  boolean has(String name) {
    return format.fields().containsKey(name);
  }

  /** Returns a field's value, signed as its type is; 0 if there is no such field. */
  long number(String name) {
    Optional<Field> found = format.field(name);
    if (found.isEmpty()) {
      return 0;
    }
    Field field = found.get();
    long value = bytes.unsignedAt(field.offset(), field.sizeBytes());
    int unused = Long.SIZE - field.sizeBytes() * Byte.SIZE;
    return field.signed() ? value << unused >> unused : value;
  }

  /** Returns the bytes of a string, up to the first zero, each a char of ISO 8859-1. */
  String string(String name) {
    Optional<Field> found = format.field(name);
    if (found.isEmpty() || !found.get().dynamic()) {
      return "";
    }
    // Offset in the record below, length above (__data_loc).
    int place = (int) bytes.unsignedAt(found.get().offset(), Integer.BYTES);
    byte[] text = bytes.copy(place & 0xffff, Math.min(place >>> Short.SIZE, NAME_BYTES));
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.ISO_8859_1);
  }

  /** Copies bytes out of a field that is an array of them. */
  void copy(String name, int from, byte[] target, int at, int count) {
    Field field = format.need("the event probe", name);
    System.arraycopy(bytes.copy(field.offset() + from, count), 0, target, at, count);
  }
}
