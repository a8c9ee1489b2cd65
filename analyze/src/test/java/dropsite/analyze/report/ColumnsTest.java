package dropsite.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ColumnsTest {
  @Test
  void wideCharactersTakeTwoAndMarksNone() {
    assertThat(Columns.of("abc")).isEqualTo(3);
    assertThat(Columns.of("世界")).isEqualTo(4);
    assertThat(Columns.of("e\u0301")).isEqualTo(1);
    assertThat(Columns.of("😀")).isEqualTo(2);
    assertThat(Columns.of("…é")).isEqualTo(2);
  }

  @Test
  void aTextEndsBeforeTheCharacterThatDoesNotFit() {
    assertThat(Columns.end("a世界", 0, 4)).isEqualTo(2);
    assertThat(Columns.end("a😀b", 0, 3)).isEqualTo(3);
    assertThat(Columns.end("abc", 1, 9)).isEqualTo(3);
  }
}
