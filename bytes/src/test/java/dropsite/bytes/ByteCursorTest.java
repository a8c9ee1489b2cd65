package dropsite.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads of every kind at every distance from the ends of the cursor's window. */
final class ByteCursorTest {
  private static final int SIZE = 60_000;
  private static final int STEPS = 40_000;

  private static Bytes bytes(byte[] content, boolean bigEndian, boolean inArray) {
    if (inArray) {
      byte[] larger = Arrays.copyOf(content, content.length + 100);
      return new Bytes("file", () -> "section", larger, content.length, bigEndian);
    }
    return bytes(content, bigEndian);
  }

  private static Bytes bytes(byte[] content, boolean bigEndian) {
    MemorySegment memory = Arena.ofAuto().allocate(content.length);
    memory.copyFrom(MemorySegment.ofArray(content));
    return new Bytes("file", "section", memory, bigEndian);
  }

  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void everyReadGivesWhatTheBytesSayAndMovesBehindIt(boolean bigEndian, boolean inArray) {
    Random random = new Random(1);
    byte[] content = new byte[SIZE];
    random.nextBytes(content);
    for (int i = 0; i < SIZE; i += random.nextInt(1, 400)) {
      content[i] = 0;
    }
    content[SIZE - 1] = 0;
    ByteBuffer plain =
        ByteBuffer.wrap(content).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    ByteCursor cursor = bytes(content, bigEndian, inArray).cursor(0);
    for (int step = 0; step < STEPS; step++) {
      if (cursor.remaining() < 500 || random.nextInt(30) == 0) {
        cursor.seek(random.nextInt(SIZE - 500));
      }
      int at = (int) cursor.position();
      int next = check(random.nextInt(9), cursor, plain, content, at);
      assertThat(cursor.position()).as("step %d", step).isEqualTo(next);
    }
  }

  /** Reads once, compares, and returns where the cursor must stand then. */
  private static int check(int kind, ByteCursor cursor, ByteBuffer plain, byte[] content, int at) {
    switch (kind) {
      case 0 -> assertThat(cursor.u8()).isEqualTo(content[at] & 0xff);
      case 1 -> assertThat(cursor.u16()).isEqualTo(plain.getShort(at) & 0xffff);
      case 2 -> assertThat(cursor.s32()).isEqualTo(plain.getInt(at));
      case 3 -> assertThat(cursor.u64()).isEqualTo(plain.getLong(at));
      case 4 -> {
        int end = nul(content, at);
        assertThat(cursor.string())
            .isEqualTo(new String(content, at, end - at, StandardCharsets.UTF_8));
        return end + 1;
      }
      case 5 -> {
        cursor.skipString();
        return nul(content, at) + 1;
      }
      case 6 -> {
        cursor.skip(content[at] & 0xff);
        return at + (content[at] & 0xff);
      }
      case 7 -> {
        int end = lebEnd(content, at);
        assertThat(cursor.uleb()).isEqualTo(leb(content, at, end, false));
        return end;
      }
      default -> {
        int end = lebEnd(content, at);
        assertThat(cursor.sleb()).isEqualTo(leb(content, at, end, true));
        return end;
      }
    }
    return at + (1 << kind);
  }

  private static int nul(byte[] content, int start) {
    int at = start;
    while (content[at] != 0) {
      at++;
    }
    return at;
  }

  private static int lebEnd(byte[] content, int start) {
    int at = start;
    while (content[at] < 0) {
      at++;
    }
    return at + 1;
  }

  private static long leb(byte[] content, int start, int end, boolean signed) {
    long value = 0;
    int shift = 0;
    for (int at = start; at < end; at++, shift += 7) {
      value |= shift < 64 ? (content[at] & 0x7fL) << shift : 0;
    }
    boolean negative = signed && (content[end - 1] & 0x40) != 0 && shift < 64;
    return negative ? value | (-1L << shift) : value;
  }

  @Test
  void endOfTheBytesIsToldWithItsOffset() {
    ByteCursor cursor = bytes(new byte[] {1, 2, (byte) 0x80}, false).cursor(0);
    assertThatThrownBy(cursor::s32)
        .isInstanceOf(MalformedInputException.class)
        .hasMessage("file: section+0x0: needs 4 bytes, only 3 are left");
    cursor.seek(2);
    assertThatThrownBy(cursor::uleb).isInstanceOf(MalformedInputException.class);
    cursor.seek(1);
    assertThatThrownBy(cursor::string)
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("section+0x1: string without an end");
    assertThatThrownBy(() -> cursor.seek(4)).isInstanceOf(MalformedInputException.class);
    assertThatThrownBy(() -> cursor.skip(-1)).isInstanceOf(MalformedInputException.class);
  }

  @Test
  void limitIsTheEndEvenWhereMoreBytesFollow() {
    ByteCursor cursor = new ByteCursor(bytes(new byte[300], false), 100, 110);
    cursor.skip(8);
    assertThatThrownBy(cursor::s32).isInstanceOf(MalformedInputException.class);
    assertThat(cursor.u16()).isZero();
    assertThat(cursor.hasRemaining()).isFalse();
  }
}
