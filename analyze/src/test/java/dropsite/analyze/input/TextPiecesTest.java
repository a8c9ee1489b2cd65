package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@link StackText} divides a text into pieces. */
final class TextPiecesTest {

  @Test
  void everyLineIsInExactlyOnePieceWhateverItHolds() throws IOException {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    String[] lines = {
      "foo+12\n",
      "\tffffffff81000000 bar+1\r\n",
      " => a+0x1/0x2\n",
      "]: 3\n",
      "\n",
      "@[\n",
      "\u00ff\u0080\u001b[31m\n",
      "0xffffffff81000000\n",
      "x".repeat(70_000) + "\n",
      "\r",
      "=>"
    };
    for (int i = 0; i < 5_000; i++) {
      text.append(lines[random.nextInt(lines.length)]);
    }
    StringBuilder pieces = new StringBuilder();
    try (StackText stacks = text(text.toString())) {
      for (TextPiece piece = stacks.next(); piece != null; piece = stacks.next()) {
        switch (piece) {
          case TextPiece.Other other ->
              pieces.append(other.line().text()).append(other.line().end());
          case TextPiece.Stacks found -> {
            int frames = found.events().stream().mapToInt(event -> event.frames().size()).sum();
            assertThat(found.lines().stream().flatMap(line -> line.frames().stream()))
                .hasSize(frames)
                .doesNotHaveDuplicates();
            found
                .lines()
                .forEach(line -> pieces.append(line.raw().text()).append(line.raw().end()));
          }
        }
      }
    }
    assertThat(pieces).hasToString(text.toString());
  }

  @Test
  void stacksOfAPieceStandInTheOrderOfTheirFirstFrames() throws IOException {
    String text = "    location:\n\tip_rcv+0x81\n    stack:\n       ip_rcv ([kernel.kallsyms])\n";
    try (StackText stacks = text(text)) {
      assertThat(stacks.next())
          .isInstanceOfSatisfying(
              TextPiece.Stacks.class,
              found -> {
                assertThat(found.events()).extracting(StackEvent::line).containsExactly(2L, 4L);
                assertThat(found.lines())
                    .extracting(TextPiece.Line::frames)
                    .containsExactly(
                        List.of(),
                        List.of(new TextPiece.FrameAt(0, 0)),
                        List.of(),
                        List.of(new TextPiece.FrameAt(1, 0)));
              });
    }
  }

  @Test
  void linesBelowTheLastOfAStackBelongToNone() throws IOException {
    try (StackText stacks = text("Call Trace:\n one+0x5/0x20\nof another\nof a third\n")) {
      assertThat(stacks.next())
          .isInstanceOfSatisfying(
              TextPiece.Stacks.class, found -> assertThat(found.lines()).hasSize(2));
      assertThat(stacks.next()).isInstanceOf(TextPiece.Other.class);
      assertThat(stacks.next()).isInstanceOf(TextPiece.Other.class);
      assertThat(stacks.next()).isNull();
    }
  }

  @Test
  void linesOfAStackThatIsNoneAfterAllBelongToNone() throws IOException {
    try (StackText stacks = text("  first_name\n  second_name\nCall Trace:\n\n")) {
      for (int i = 0; i < 4; i++) {
        assertThat(stacks.next()).isInstanceOf(TextPiece.Other.class);
      }
      assertThat(stacks.next()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Call Stack:\n", "    stack:                     \n"})
  void aStackThatNeverComesToItsFramesIsNotWaitedForWithoutEnd(String line) throws IOException {
    int most = 1 << 23;
    Repeated input = new Repeated(line, 2 * most);
    try (StackText stacks = new StackText("text", input)) {
      assertThat(stacks.next()).isInstanceOf(TextPiece.Other.class);
      assertThat(input.read).isLessThan(most);
    }
  }

  private static StackText text(String text) {
    return new StackText(
        "text", new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** A line over and over again. */
  private static final class Repeated extends InputStream {
    private final byte[] line;
    private final int end;
    private int read;

    Repeated(String line, int end) {
      this.line = line.getBytes(StandardCharsets.US_ASCII);
      this.end = end;
    }

    @Override
    public int read() {
      return read == end ? -1 : line[read++ % line.length];
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int begin = read;
      while (read < end && read - begin < length) {
        into[offset + read - begin] = line[read % line.length];
        read++;
      }
      return read == begin ? -1 : read - begin;
    }
  }
}
