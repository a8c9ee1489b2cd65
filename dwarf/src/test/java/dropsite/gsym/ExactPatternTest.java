package dropsite.gsym;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExactPatternTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "f",
        "a.constprop.0",
        "a$b",
        "operator()",
        "v<T*>::at[abi:cxx11]",
        "\\",
        "^$",
        "ü"
      })
  void namesComeBack(String name) {
    assertThat(ExactPattern.name(ExactPattern.of(name))).isEqualTo(name);
  }

  @Test
  void whatIsSpecialIsEscaped() {
    assertThat(ExactPattern.of("a.b$")).isEqualTo("^a\\.b\\$$");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "^",
        "$",
        "^$",
        "f",
        "^f",
        "f$",
        "^f\\$",
        "^f.$",
        "^f*$",
        "^f|g$",
        "^[f]$",
        "^f{2}$",
        "^\\w$",
        "^f\\1$",
        "^f^$",
        "^f$$",
        "^\\$",
        "^f\\\\\\$"
      })
  void whatMayMatchOtherNamesNamesNothing(String pattern) {
    assertThat(ExactPattern.name(pattern)).isNull();
  }
}
