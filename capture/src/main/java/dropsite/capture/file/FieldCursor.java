package dropsite.capture.file;

import dropsite.bytes.ByteCursor;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads what {@link FieldSink} writes, field by field; what nobody asks for is skipped. */
final class FieldCursor {
  private static final int MOST_NUMBER_BYTES = 8;

  private final ByteCursor in;
  private final long end;
  private final @Nullable FieldBudget budget;
  private long next;
  private int code;

  /**
   * @param in at the first field, in little-endian order
   * @param end one past the last field, in the cursor's bytes
   * @param budget that fields are taken from; null where the bytes themselves are few
   */
  FieldCursor(ByteCursor in, long end, @Nullable FieldBudget budget) {
    this.in = in;
    this.end = end;
    this.budget = budget;
    this.next = in.position();
  }

  /** Moves to the next field, if there is one. */
  boolean next() {
    in.seek(next);
    if (next == end) {
      return false;
    }
    if (budget != null) {
      budget.take(in);
    }
    code = in.u8();
    long length = in.uleb();
    if (length < 0 || length > end - in.position()) {
      throw in.malformed(
          "field " + code + " of " + Long.toUnsignedString(length) + " bytes does not fit");
    }
    next = in.position() + length;
    return true;
  }

  /** Returns which field it is. */
  int code() {
    return code;
  }

  /** Returns the number of bytes of its value. */
  int length() {
    return (int) (next - in.position());
  }

  /** Returns its value as a number. */
  long number() {
    int bytes = length();
    if (bytes > MOST_NUMBER_BYTES) {
      throw in.malformed("field " + code + ": a number of " + bytes + " bytes");
    }
    long value = 0;
    for (int shift = 0; shift < bytes * 8; shift += 8) {
      value |= (long) in.u8() << shift;
    }
    return value;
  }

  /** Returns its value as a number of 32 bits. */
  int number32() {
    return (int) number();
  }

  /** Returns its value as text in UTF-8. */
  String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** Returns the bytes of its value, each as a char. */
  String raw() {
    return new String(bytes(), StandardCharsets.ISO_8859_1);
  }

  /** Returns the bytes of its value. */
  byte[] bytes() {
    byte[] value = in.bytes().copy(in.position(), length());
    in.seek(next);
    return value;
  }

  /** Returns the fields that its value holds; to be read before moving on. */
  FieldCursor fields() {
    return new FieldCursor(in.startingAt(in.position()), next, budget);
  }

  /** Returns the cursor at its value, which ends after {@link #length} bytes. */
  ByteCursor value() {
    return in;
  }
}
