package dropsite.capture.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RingBufferTest {
  private static final long SIZE = 64;
  private static final int BUSY = 1 << 31;
  private static final int DISCARDED = 1 << 30;

  private final MemorySegment consumer = Arena.ofAuto().allocate(JAVA_LONG);
  private final MemorySegment producer = Arena.ofAuto().allocate(JAVA_LONG);
  private final MemorySegment records = Arena.ofAuto().allocate(2 * SIZE, Long.BYTES);
  private final RingBuffer ring = new RingBuffer(consumer, producer, records);
  private final List<String> read = new ArrayList<>();

  @Test
  void recordsAreReadInTheirOrderAndOnce() throws IOException {
    write(0, 8);
    write(16, 3);
    producer.set(JAVA_LONG, 0, 32);

    assertThat(drain()).isEqualTo(2);
    assertThat(drain()).isZero();
    assertThat(read).containsExactly("8+8", "24+3");
    assertThat(consumer.get(JAVA_LONG, 0)).isEqualTo(32);
  }

  @Test
  void aRecordMayGoOnBeyondTheEnd() throws IOException {
    consumer.set(JAVA_LONG, 0, 3 * SIZE + 48);
    producer.set(JAVA_LONG, 0, 3 * SIZE + 48 + 32);
    write(48, 24);

    assertThat(drain()).isEqualTo(1);
    assertThat(read).containsExactly("56+24");
  }

  @Test
  void whatIsBeingWrittenWaitsAndWhatWasDiscardedIsSkipped() throws IOException {
    write(0, 8 | DISCARDED);
    write(16, 8);
    write(32, 8 | BUSY);
    producer.set(JAVA_LONG, 0, 48);

    assertThat(drain()).isEqualTo(1);
    assertThat(consumer.get(JAVA_LONG, 0)).isEqualTo(32);

    write(32, 8);
    assertThat(drain()).isEqualTo(1);
    assertThat(read).containsExactly("24+8", "40+8");
  }

  @Test
  void aRecordThatIsNotTakenCountsAsRead() {
    write(0, 8);
    write(16, 8);
    producer.set(JAVA_LONG, 0, 32);

    assertThatThrownBy(() ->
            ring.drain((bytes, at, size) -> {
              throw new IOException("full");
            }))
        .isInstanceOf(IOException.class);
    assertThat(consumer.get(JAVA_LONG, 0)).isEqualTo(16);
  }

  @Test
  void positionsAndSizesThatCannotBeAreRefused() {
    producer.set(JAVA_LONG, 0, SIZE + 8);
    assertThatThrownBy(this::drain).isInstanceOf(MalformedInputException.class);

    producer.set(JAVA_LONG, 0, -8);
    assertThatThrownBy(this::drain).isInstanceOf(MalformedInputException.class);

    producer.set(JAVA_LONG, 0, 16);
    write(0, 9);
    assertThatThrownBy(this::drain).isInstanceOf(MalformedInputException.class);
    assertThat(read).isEmpty();
  }

  private void write(long at, int header) {
    records.set(JAVA_INT, at, header);
  }

  private int drain() throws IOException {
    return ring.drain((bytes, at, size) -> read.add(at + "+" + size));
  }
}
