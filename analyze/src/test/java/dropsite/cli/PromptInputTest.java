package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.command.Output;
import dropsite.command.Streams;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PromptInputTest {

  @ParameterizedTest
  @ValueSource(strings = {"--full-path", "--json"})
  void whoWatchesAPipeSeesAStackWhenItIsWhole(String option) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Typed input = new Typed(out, "first+12\n", "\n", "second+12\n\n", "");
    PrintStream err = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Main.PROGRAM.run(new Streams(input, new Output(out), err), "symbolize", option);
    assertThat(input.seen.get(1)).doesNotContain("first");
    assertThat(input.seen.get(2)).contains("first");
    assertThat(input.seen.get(3)).contains("first", "second");
  }

  /** Input that comes text by text; notes what had been printed when each was waited for. */
  private static final class Typed extends InputStream {
    private final List<String> seen = new ArrayList<>();
    private final ByteArrayOutputStream out;
    private final String[] texts;

    Typed(ByteArrayOutputStream out, String... texts) {
      this.out = out;
      this.texts = texts;
    }

    @Override
    public int read() {
      throw new AssertionError("one byte at a time is slow");
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      seen.add(out.toString(StandardCharsets.UTF_8));
      byte[] text = texts[Math.min(seen.size(), texts.length) - 1].getBytes(StandardCharsets.UTF_8);
      System.arraycopy(text, 0, target, offset, text.length);
      return text.length == 0 ? -1 : text.length;
    }
  }
}
