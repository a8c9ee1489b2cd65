package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.command.Output;
import dropsite.command.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ReadingProgressTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Streams streams =
      new Streams(
          InputStream.nullInputStream(),
          new Output(new ByteArrayOutputStream()),
          new PrintStream(err, true, StandardCharsets.UTF_8));

  @Test
  void whatIsReadAtOnceIsNotToldOf() throws IOException {
    InputStream file = new ByteArrayInputStream(new byte[1000]);
    try (InputStream in = new ReadingProgress(streams, true).told("x", 1000, file)) {
      assertThat(in.readAllBytes()).hasSize(1000);
    }
    assertThat(err.size()).isZero();
  }

  @Test
  void withoutATerminalNobodyCounts() {
    InputStream file = InputStream.nullInputStream();
    assertThat(new ReadingProgress(streams, false).told("x", 1000, file)).isSameAs(file);
  }
}
