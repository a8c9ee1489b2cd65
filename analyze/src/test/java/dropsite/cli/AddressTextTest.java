package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTextTest {
  @ParameterizedTest
  @CsvSource({
    "ffffffff81000000, -7f000000",
    "0xffffffff81000000, -7f000000",
    "0XFF, ff",
    "'  1140\r', 1140",
    "1140 main, 1140",
    "000000000000000000001140, 1140",
    "0, 0",
    "fade, fade"
  })
  void readsLeadingHexadecimalDigits(String text, String value) {
    assertThat(new AddressText(text).hexadecimal()).contains(Long.parseLong(value, 16));
  }

  @ParameterizedTest
  @ValueSource(strings = {",", "", "0x", "-1", "zzz", "10000000000000000"})
  void whatIsNoNumberOf64BitsIsNoAddress(String text) {
    assertThat(new AddressText(text).hexadecimal()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "main, main, 0",
    "foo+3, foo, 3",
    "foo +0x1f, foo, 31",
    "fade+1, fade, 1",
    "foo+zz, foo, 0"
  })
  void namesSymbolsWithOffsets(String text, String symbol, long offset) {
    AddressText address = new AddressText(text);
    assertThat(address.maybeSymbol()).isTrue();
    assertThat(address.symbol()).isEqualTo(symbol);
    assertThat(address.symbolOffset()).isEqualTo(offset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fade", "1140", "0x1140", "+5", ",", ""})
  void hexadecimalNumbersAreNotTakenForSymbols(String text) {
    assertThat(new AddressText(text).maybeSymbol()).isFalse();
  }
}
