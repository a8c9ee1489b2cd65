package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LinesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"0", "0x0", "fade", "0XFADE", "1140", "ffffffff81000000", "0xFFFFffffFFFFffff"})
  void plainNumbersAreReadFromBytesAsFromText(String text) {
    Lines lines = Lines.of(List.of("before", text, "after"));
    assertThat(lines.isHexadecimal(1)).isTrue();
    assertThat(new AddressText(text).maybeSymbol()).isFalse();
    assertThat(Optional.of(lines.hexadecimal(1))).isEqualTo(new AddressText(text).hexadecimal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0x", "x1", "main", "fade+1", " 1140", "1140\r", "11 40", "00000000000000001"})
  void everythingElseIsLeftToTheReaderOfText(String text) {
    assertThat(Lines.of(List.of(text)).isHexadecimal(0)).isFalse();
  }

  @Test
  void linesComeOutAsTheyWentInWhateverTheyContain() {
    List<String> texts = List.of("", "naïve\n", "0x10", "");
    assertThat(Lines.of(texts)).isEqualTo(texts);
  }

  @Test
  void whatHasNotEndedIsNoLineYet() {
    Lines lines = new Lines();
    lines.add("1140\n11".getBytes(StandardCharsets.UTF_8), 7);
    assertThat(lines).containsExactly("1140");
    assertThat(lines.unfinished()).asString().isEqualTo("11");
    lines.add("50\n".getBytes(StandardCharsets.UTF_8), 3);
    lines.finish();
    assertThat(lines).containsExactly("1140", "1150");
  }
}
