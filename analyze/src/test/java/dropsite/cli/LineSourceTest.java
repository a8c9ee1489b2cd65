package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.command.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class LineSourceTest {
  @Test
  void returnsWhatHasArrivedWithoutWaitingForMore() throws IOException {
    LineSource lines = new LineSource(new Pipe("1140\n", "", "1150\n,\n"));
    assertThat(lines.next()).containsExactly("1140");
    assertThat(lines.next()).containsExactly("1150", ",");
    assertThat(lines.next()).isEmpty();
  }

  @Test
  void takesAllThatIsThereInOneBatch() throws IOException {
    assertThat(new LineSource(new Pipe("1\n2", "3\n4\n")).next()).containsExactly("1", "23", "4");
  }

  @Test
  void waitsForTheRestOfALine() throws IOException {
    LineSource lines = new LineSource(new Pipe("11", "", "40\n"));
    assertThat(lines.next()).containsExactly("1140");
  }

  @Test
  void theLastLineNeedsNoEnd() throws IOException {
    LineSource lines = new LineSource(new Pipe("1\n\n2"));
    assertThat(lines.next()).containsExactly("1", "");
    assertThat(lines.next()).containsExactly("2");
    assertThat(lines.next()).isEmpty();
  }

  @Test
  void aLineWithoutEndIsRefused() {
    LineSource lines = new LineSource(new Pipe("f".repeat(1 << 17)));
    assertThatThrownBy(lines::next)
        .isInstanceOf(CommandFailure.class)
        .hasMessage("standard input: a line of more than 65536 bytes");
  }

  @Test
  void linesBeforeOneWithoutEndAreGivenFirst() throws IOException {
    LineSource lines = new LineSource(new Pipe("1\n2\n" + "f".repeat(1 << 17)));
    assertThat(lines.next()).containsExactly("1", "2");
    assertThatThrownBy(lines::next).isInstanceOf(CommandFailure.class);
  }

  /** A pipe whose other end writes the pieces; at an empty piece it waits for an answer. */
  private static final class Pipe extends InputStream {
    private final Queue<byte[]> pieces = new ArrayDeque<>();

    Pipe(String... pieces) {
      for (String piece : pieces) {
        this.pieces.add(piece.getBytes(StandardCharsets.UTF_8));
      }
    }

    @Override
    public int available() {
      byte[] next = pieces.peek();
      return next == null ? 0 : next.length;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("reads in bulk");
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      while (pieces.peek() != null && pieces.peek().length == 0) {
        pieces.remove();
      }
      byte[] piece = pieces.poll();
      if (piece == null) {
        return -1;
      }
      int count = Math.min(length, piece.length);
      System.arraycopy(piece, 0, target, offset, count);
      if (count < piece.length) {
        ((ArrayDeque<byte[]>) pieces).addFirst(Arrays.copyOfRange(piece, count, piece.length));
      }
      return count;
    }
  }

  @Test
  void linesOfABatchKeepTheirOrder() throws IOException {
    List<String> all = new LineSource(new Pipe("c\nb\n", "a\n")).next();
    assertThat(all).containsExactly("c", "b", "a");
  }
}
