package dropsite.capture.tracefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import dropsite.capture.tracefs.EventFormat.Field;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages made by hand, of what a quiet kernel does not write. */
final class TracePageTest {
  private static final int HEADER = 16;
  private static final PageFormat FORMAT =
      new PageFormat(new Field(0, 8, false, false), new Field(8, 8, true, false), HEADER, 256);

  private final List<String> records = new ArrayList<>();

  private static ByteBuffer page(ByteOrder order, long nanos) {
    return ByteBuffer.allocate(256).order(order).putLong(nanos).putLong(0);
  }

  private static int word(ByteOrder order, int type, int delta) {
    return order == ByteOrder.BIG_ENDIAN ? (type << 27) | delta : (delta << 5) | type;
  }

  /** Notes how many bytes there are, and reads the page. */
  private long read(ByteBuffer page, long flags) {
    page.putLong(8, (page.position() - HEADER) | flags);
    boolean bigEndian = page.order() == ByteOrder.BIG_ENDIAN;
    return TracePage.read(
        new Bytes("trace", "page", MemorySegment.ofBuffer(page.duplicate().clear()), bigEndian),
        FORMAT,
        (nanos, record) -> records.add(nanos + " " + record.sizeBytes()));
  }

  @Test
  void everyKindOfRecordMovesTheTimeAsItShould() {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      records.clear();
      ByteBuffer page = page(order, 1000);
      page.putInt(word(order, 2, 5)).putLong(0); // 8 bytes
      page.putInt(word(order, 30, 1)).putInt(2); // extend: 2 << 27 | 1
      page.putInt(word(order, 0, 3)).putInt(4 + 12).putLong(0).putInt(0); // its length before it
      page.putInt(word(order, 29, 77)).putInt(8).putInt(0); // discarded
      page.putInt(word(order, 31, 9)).putInt(1); // absolute
      page.putInt(word(order, 1, 1)).putInt(0);
      page.putInt(word(order, 29, 0)).putInt(0); // nothing more
      page.putInt(word(order, 1, 1)).putInt(0);
      assertThat(read(page, 0)).isZero();
      long extended = 1005 + (2L << 27) + 1 + 3;
      assertThat(records).containsExactly("1005 8", extended + " 12", ((1L << 27) + 9 + 1) + " 4");
    }
  }

  @Test
  void anAbsoluteTimeKeepsTheBitsItHasNoPlaceFor() {
    ByteBuffer page = page(ByteOrder.LITTLE_ENDIAN, 0xf800_0000_0000_0001L);
    page.putInt(word(page.order(), 31, 2)).putInt(0).putInt(word(page.order(), 1, 0)).putInt(0);
    read(page, 0);
    assertThat(records).containsExactly(0xf800_0000_0000_0002L + " 4");
  }

  @Test
  void lossesBeforeAPageAreTold() {
    ByteBuffer page = page(ByteOrder.LITTLE_ENDIAN, 0);
    page.putInt(word(page.order(), 1, 0)).putInt(0).putLong(page.position(), 42);
    assertThat(read(page, 0xc000_0000L)).isEqualTo(42);
    assertThat(read(page, 0x8000_0000L)).isEqualTo(-1);
    assertThat(read(page, 0)).isZero();
    assertThat(records).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 1 << 20, -1})
  void aRecordThatDoesNotFitIsRefused(int length) {
    ByteBuffer page = page(ByteOrder.LITTLE_ENDIAN, 0);
    page.putInt(word(page.order(), 0, 1)).putInt(length).putLong(0);
    assertThatThrownBy(() -> read(page, 0)).isInstanceOf(MalformedInputException.class);
  }

  @Test
  void morePageThanThereIsIsRefused() {
    ByteBuffer page = page(ByteOrder.LITTLE_ENDIAN, 0);
    assertThatThrownBy(() -> read(page, 0x10000)).isInstanceOf(MalformedInputException.class);
  }
}
