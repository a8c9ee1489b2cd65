package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.command.CommandFailure;
import dropsite.command.Output;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TerminalLookTest {
  private static Streams streams(boolean terminal, Map<String, String> environment) {
    return new Streams(
        new ByteArrayInputStream(new byte[0]),
        new Output(new ByteArrayOutputStream(), terminal),
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        environment,
        new ArrayList<>());
  }

  private static TerminalLook look(String... options) {
    Syntax syntax = new Syntax("analyze");
    TerminalLook look = new TerminalLook(syntax);
    assertThat(syntax.readPlain(options, 0)).isTrue();
    return look;
  }

  @Test
  void colourIsForTerminalsThatWantIt() {
    assertThat(look().coloured(streams(true, Map.of("TERM", "xterm")))).isTrue();
    assertThat(look().coloured(streams(false, Map.of("TERM", "xterm")))).isFalse();
    assertThat(look().coloured(streams(true, Map.of("TERM", "dumb")))).isFalse();
    assertThat(look().coloured(streams(true, Map.of("NO_COLOR", "1")))).isFalse();
    assertThat(look().coloured(streams(true, Map.of("NO_COLOR", "")))).isTrue();
    assertThat(look().coloured(streams(false, Map.of("CLICOLOR_FORCE", "1")))).isFalse();
  }

  @Test
  void whoeverSaysWhenIsObeyed() {
    assertThat(look("--colour=always").coloured(streams(false, Map.of("NO_COLOR", "1")))).isTrue();
    assertThat(look("--color=never").coloured(streams(true, Map.of()))).isFalse();
    assertThatThrownBy(() -> look("--colour=red").coloured(streams(true, Map.of())))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("expected auto, always or never, found \"red\"");
  }

  @Test
  void theWidthIsThatOfTheVariableBeforeAllElse() {
    assertThat(TerminalLook.width(streams(false, Map.of("COLUMNS", "80")))).isEqualTo(80);
    assertThat(TerminalLook.width(streams(true, Map.of("COLUMNS", "132")))).isEqualTo(132);
    assertThat(TerminalLook.width(streams(false, Map.of("COLUMNS", "many")))).isEqualTo(96);
    assertThat(TerminalLook.width(streams(false, Map.of("COLUMNS", "-1")))).isEqualTo(96);
  }
}
