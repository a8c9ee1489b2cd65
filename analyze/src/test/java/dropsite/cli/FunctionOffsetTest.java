package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FunctionOffsetTest {
  @ParameterizedTest
  @CsvSource({
    "ip_rcv+0x1f/0x150, 31, 336",
    "ip_rcv+31/336, 31, 336",
    "ip_rcv+037/0520, 31, 336",
    "ip_rcv+0/0x150, 0, 336"
  })
  void readsNumbersAsTheShellDoes(String text, long offset, long size) {
    FunctionOffset place = FunctionOffset.parse(text).orElseThrow();
    assertThat(place.name()).isEqualTo("ip_rcv");
    assertThat(place.offsetBytes()).isEqualTo(offset);
    assertThat(place.sizeBytes()).isEqualTo(size);
  }

  @Test
  void sizeMayBeLeftOut() {
    FunctionOffset place = FunctionOffset.parse("foo.cold+0x1f").orElseThrow();
    assertThat(place.name()).isEqualTo("foo.cold");
    assertThat(place.offsetText()).isEqualTo("0x1f");
    assertThat(place.sizeText()).isNull();
  }

  @Test
  void moduleNamesOfStackDumpsAreTakenOff() {
    FunctionOffset place =
        FunctionOffset.parse("nft_do_chain+0x7b/0x5a0 [nf_tables]").orElseThrow();
    assertThat(place.name()).isEqualTo("nft_do_chain");
    assertThat(place.sizeBytes()).isEqualTo(0x5a0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "+5",
        "foo",
        "foo+",
        "foo/0x10",
        "foo+bar",
        "foo+-5",
        "foo+08",
        "foo+1/",
        "foo+1/x"
      })
  void refusesWhatIsNotOfTheForm(String text) {
    assertThat(FunctionOffset.parse(text)).isEmpty();
  }
}
