package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RawLinesTest {
  private static final int LONGEST = 1 << 16;

  @Test
  void linesEndWhereNewlinesAreWhateverTheirLengthAndHoweverTheyArrive() throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      // Bytes that differ from a newline in one bit, and all others.
      byte[] bytes = new byte[random.nextInt(i % 100 == 0 ? 20_000 : 40)];
      random.nextBytes(bytes);
      String line =
          new String(bytes, StandardCharsets.ISO_8859_1)
                  .replace('\n', '\u000b')
                  .replace('\r', '\u008a')
              + (i % 7 == 0 ? "\r\n" : "\n");
      text.append(line);
      expected.add(line);
    }
    for (int most : new int[] {1, 7, 8, 4096, 1 << 20}) {
      assertThat(lines(text.toString(), most)).isEqualTo(expected);
    }
  }

  @Test
  void anOverlongLineArrivesInPieces() throws IOException {
    String longest = "x".repeat(LONGEST);
    String fitting = "y".repeat(LONGEST - 1) + "\n";
    String text = longest + longest + "rest\r\n" + fitting + longest + "\n" + "last";
    for (int most : new int[] {1000, LONGEST, 1 << 20}) {
      assertThat(lines(text, most))
          .containsExactly(longest, longest, "rest\r\n", fitting, longest, "\n", "last");
    }
  }

  @Test
  void onlyTheEndIsNoText() throws IOException {
    RawLines lines = new RawLines(new ByteArrayInputStream(bytes("a\r\r\nb")));
    assertThat(lines.advance()).isTrue();
    RawLine first = lines.copy();
    assertThat(lines.advance()).isTrue();
    RawLine last = lines.copy();
    assertThat(first.text()).isEqualTo("a\r");
    assertThat(first.end()).isEqualTo("\r\n");
    assertThat(first.ends()).isTrue();
    assertThat(last.text()).isEqualTo("b");
    assertThat(last.ends()).isFalse();
    assertThat(lines.advance()).isFalse();
  }

  @Test
  void theHashTellsLinesApartByBytesAlone() throws IOException {
    RawLines lines =
        new RawLines(new ByteArrayInputStream(bytes("abcdefghij\nother\nabcdefghij\n")));
    List<Long> hashes = new ArrayList<>();
    while (lines.advance()) {
      hashes.add(lines.hash());
    }
    assertThat(hashes.get(2)).isEqualTo(hashes.get(0)).isNotEqualTo(hashes.get(1));
  }

  private static List<String> lines(String text, int mostBytesAtOnce) throws IOException {
    List<String> found = new ArrayList<>();
    try (RawLines lines = new RawLines(new Portions(bytes(text), mostBytesAtOnce))) {
      while (lines.advance()) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        lines.copy().writeTo(line);
        found.add(line.toString(StandardCharsets.ISO_8859_1));
      }
    }
    return found;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Input that comes in small portions, as from a slow writer. */
  private static final class Portions extends ByteArrayInputStream {
    private final int most;

    Portions(byte[] bytes, int most) {
      super(bytes);
      this.most = most;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      return super.read(target, offset, Math.min(most, length));
    }
  }
}
