package dropsite.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SafeTextTest {

  @Test
  void whatATerminalWouldObeyIsShownInstead() {
    assertThat(SafeText.of("\u001b[31mred\u0007\n\r\t\u007f\u009b"))
        .isEqualTo("\\x1b[31mred\\x07\\x0a\\x0d\\x09\\x7f\\x9b");
  }

  @Test
  void marksThatTurnTheWritingRoundAreShownInstead() {
    assertThat(SafeText.of("a\u202eb\u2066c\u200fd\u2028e\ufeff"))
        .isEqualTo("a\\u202eb\\u2066c\\u200fd\\u2028e\\ufeff");
  }

  @Test
  void ordinaryTextOfAnyLanguageStays() {
    assertThat(SafeText.of("wlan0 größe 接口 \ud83d\ude00")).isEqualTo("wlan0 größe 接口 \ud83d\ude00");
  }
}
