package dropsite.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "10, 10000000000",
    "10s, 10000000000",
    "250ms, 250000000",
    "1.5m, 90000000000",
    "2h, 7200000000000",
    "1D, 86400000000000"
  })
  void timesHaveUnits(String text, long nanos) {
    assertThat(Quantity.nanos("--duration", text)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @CsvSource({"65536, 65536", "64k, 65536", "8M, 8388608", "8MB, 8388608", "1.5g, 1610612736"})
  void sizesArePowersOfTwo(String text, long bytes) {
    assertThat(Quantity.bytes("--buffer", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "10k, 10000", "1M, 1000000"})
  void countsArePowersOfTen(String text, long count) {
    assertThat(Quantity.count("--max-events", text)).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "k", "1 k", "1e9", "999999999999999d", "٣"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Quantity.nanos("--duration", text))
        .isInstanceOf(CommandFailure.class)
        .hasMessageStartingWith("--duration: expected a time");
  }
}
