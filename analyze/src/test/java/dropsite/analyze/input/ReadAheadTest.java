package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadAheadTest {

  /** Gives events with the lines 1 to a last one, then ends or fails. */
  private static final class Counting implements EventReader {
    private final int last;
    private final boolean fails;
    private int line;
    private boolean closed;

    Counting(int last, boolean fails) {
      this.last = last;
      this.fails = fails;
    }

    @Override
    public @Nullable StackEvent next() throws IOException {
      if (line == last) {
        if (fails) {
          throw new MalformedInputException("file", "is broken");
        }
        return null;
      }
      List<StackFrame> frames = List.of(StackFrame.ofAddress(1));
      return new StackEvent("file", ++line, "", EventFacts.NONE, frames, 1);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9_999, 10_000, 10_001, 10_512, 50_000})
  void eventsComeAllAndInOrder(int count) throws IOException {
    Counting counting = new Counting(count, false);
    try (ReadAhead events = new ReadAhead(counting)) {
      for (int line = 1; line <= count; line++) {
        StackEvent event = events.next();
        assertThat(event).isNotNull();
        assertThat(event.line()).isEqualTo(line);
      }
      assertThat(events.next()).isNull();
      assertThat(events.next()).isNull();
    }
    assertThat(counting.closed).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 10_000, 30_000})
  void aBreakIsToldBehindTheEventsBeforeIt(int count) throws IOException {
    try (ReadAhead events = new ReadAhead(new Counting(count, true))) {
      for (int line = 1; line <= count; line++) {
        assertThat(events.next()).isNotNull();
      }
      assertThatThrownBy(events::next).isInstanceOf(MalformedInputException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 10_100, 20_000})
  void closingBeforeTheEndStopsTheThread(int taken) throws IOException {
    Counting counting = new Counting(Integer.MAX_VALUE, false);
    ReadAhead events = new ReadAhead(counting);
    for (int i = 0; i < taken; i++) {
      events.next();
    }
    events.close();
    assertThat(counting.closed).isTrue();
    assertThat(counting.line).isLessThan(taken + 20_000);
  }
}
