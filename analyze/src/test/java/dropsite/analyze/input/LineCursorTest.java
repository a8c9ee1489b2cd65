package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LineCursorTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "219, 219",
    "0x45, 69",
    "0xAbF, 2751",
    "9223372036854775806, 9223372036854775806",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808, 9223372036854775807",
    "99999999999999999999999, 9223372036854775807",
    "0x7ffffffffffffffe, 9223372036854775806",
    "0xffffffffffffffff, 9223372036854775807",
    "0x10000000000000000, 9223372036854775807",
    "000000000000000000000000000012, 12"
  })
  void offsetsBeyond63BitsAreTooLarge(String digits, long value) {
    LineCursor cursor = LineCursor.of(digits + " ");
    assertThat(cursor.offset()).isEqualTo(value);
    assertThat(cursor.position()).isEqualTo(digits.length());
  }

  @Test
  void addressesHaveAtMost16Digits() {
    assertThat(LineCursor.of("ffffFFFF85cd2fa5").hexDigits(8)).isEqualTo(0xffffffff85cd2fa5L);
    assertNotRead(LineCursor.of("fffffffff85cd2fa5"), 8);
    assertNotRead(LineCursor.of("5cd2fa5"), 8);
    assertNotRead(LineCursor.of("g"), 1);
  }

  private static void assertNotRead(LineCursor cursor, int fewest) {
    assertThat(cursor.hexDigits(fewest)).isNull();
    assertThat(cursor.position()).isZero();
  }

  @Test
  void whatDoesNotComeNextIsNotSkipped() {
    LineCursor cursor = LineCursor.of("name+12 [mod-2]");
    assertThat(cursor.accept("names")).isFalse();
    assertThat(cursor.symbolBefore("-")).isNull();
    assertThat(cursor.number()).isNull();
    assertThat(cursor.addressBetween("name", "+")).isNull();
    assertThat(cursor.position()).isZero();
    assertThat(cursor.symbolBefore("+")).isEqualTo("name");
    assertThat(cursor.number()).isEqualTo(12);
    assertThat(cursor.accept(" [")).isTrue();
    assertThat(cursor.moduleName()).isEqualTo("mod-2");
    assertThat(cursor.accept("]")).isTrue();
    assertThat(cursor.atEnd()).isTrue();
    assertThat(cursor.accept("x")).isFalse();
    assertThat(cursor.symbol()).isNull();
  }

  @Test
  void bytesAbove127AreNoLettersAndNoDigits() {
    assertThat(LineCursor.of("\u00e9+1").symbol()).isNull();
    assertThat(LineCursor.of("\u00b2").number()).isNull();
    assertThat(LineCursor.of("\u00e9").moduleName()).isNull();
  }
}
