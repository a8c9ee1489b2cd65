package dropsite.capture.tracefs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class EventRateTest {
  private static final long SECOND = 1_000_000_000L;

  private static long passed(EventRate rate, long from, int count, long stepNanos) {
    return IntStream.range(0, count).filter(i -> rate.passes(from + i * stepNanos)).count();
  }

  @Test
  void onAverageSoManyPassASecond() {
    EventRate rate = new EventRate(100);
    assertThat(passed(rate, 50 * SECOND, 1000, 0)).isEqualTo(100);
    // 10 seconds of a thousand a second.
    assertThat(passed(rate, 51 * SECOND, 10_000, SECOND / 1000)).isBetween(1090L, 1110L);
  }

  @Test
  void withoutALimitAllPass() {
    assertThat(passed(new EventRate(0), 0, 1000, 0)).isEqualTo(1000);
  }
}
