package dropsite.capture.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dropsite.capture.DropEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CaptureCopyTest {
  private static final List<DropEvent> EVENTS = new Recording(7).events(120);

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void packetsGetTheirCommentsAndAllElseIsReadBackEqual(boolean bigEndian) throws IOException {
    byte[] little = Recording.written(EVENTS, Compression.NONE);
    byte[] file = bigEndian ? ByteOrderSwap.of(little) : little;
    byte[] copy = copy(file, number -> number == 3 ? null : "[" + number + "] why \u00e9");

    assertThat(Recording.texts(Recording.read(copy)))
        .isEqualTo(Recording.texts(Recording.read(file)));
    assertThat(comments(copy)).hasSize(119).contains("[1] why \u00e9").doesNotContain("[3] why");
    assertThat(copy(copy, number -> null)).isEqualTo(file);
  }

  @Test
  void commentsOfPeopleStayAndOursAreReplaced() throws IOException {
    byte[] file = Recording.written(EVENTS.subList(0, 2), Compression.NONE);
    byte[] noted = copy(file, number -> "looked at by hand");
    byte[] twice = copy(copy(noted, number -> "[1] first"), number -> "[2] second");
    assertThat(comments(twice))
        .containsExactly("[2] second", "looked at by hand", "[2] second", "looked at by hand");
  }

  @Test
  void commentIsBoundedAndCutBetweenCharacters() throws IOException {
    byte[] file = Recording.written(EVENTS.subList(0, 1), Compression.NONE);
    String comment = comments(copy(file, number -> "[1] " + "\u20ac".repeat(5000))).getFirst();
    assertThat(comment.getBytes(StandardCharsets.UTF_8).length)
        .isBetween(1990, CaptureCopy.LONGEST_COMMENT_BYTES);
    assertThat(comment).endsWith("\u20ac\u2026").doesNotContain("\ufffd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"out", "out.gz", "out.zst"})
  void filesStandBehindOneAnotherCompressedAsTheNameSays(String name) throws IOException {
    byte[] one = Recording.written(EVENTS, Compression.GZIP);
    byte[] two = Recording.written(EVENTS.subList(0, 9), Compression.NONE);
    Path target = folder.resolve(name);
    try (CaptureCopy copy =
        new CaptureCopy(CaptureFiles.one(target, false, Compression.ofName(name)))) {
      assertThat(copy.add("one", new ByteArrayInputStream(one))).isNull();
      assertThat(copy.add("two", new ByteArrayInputStream(two))).isNull();
    }
    List<String> both = new ArrayList<>(Recording.texts(Recording.read(one)));
    both.addAll(Recording.texts(Recording.read(two)));
    assertThat(Recording.texts(Recording.read(Files.readAllBytes(target)))).isEqualTo(both);
  }

  @Test
  void cutFileIsCopiedToItsLastWholeBlockAndThatIsSaid() throws IOException {
    byte[] whole = Recording.written(EVENTS, Compression.NONE);
    byte[] cut = Arrays.copyOf(whole, whole.length - 2);
    Path target = folder.resolve("out");
    try (CaptureCopy copy = new CaptureCopy(CaptureFiles.one(target, false, Compression.NONE))) {
      assertThat(copy.add("cut", new ByteArrayInputStream(cut)))
          .isEqualTo("ends in the middle of a block");
      assertThat(copy.add("whole", new ByteArrayInputStream(whole))).isNull();
    }
    assertThat(Recording.eventsOf(Recording.read(Files.readAllBytes(target))))
        .hasSize(2 * EVENTS.size());
  }

  @Test
  void fullDiskIsSaidAndTheUnfinishedFileDeleted() throws IOException {
    byte[] file = Recording.written(EVENTS, Compression.NONE);
    CaptureCopy full =
        new CaptureCopy(
            CaptureFiles.to(
                "full",
                Channels.newChannel(Files.newOutputStream(Path.of("/dev/full"))),
                Compression.NONE));
    assertThatThrownBy(() -> full.add("one", new ByteArrayInputStream(file)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("full");
    Path target = folder.resolve("out");
    CaptureCopy copy = new CaptureCopy(CaptureFiles.one(target, false, Compression.NONE));
    copy.add("one", new ByteArrayInputStream(file));
    copy.discard();
    assertThat(target).doesNotExist();
  }

  private byte[] copy(byte[] file, LongFunction<@Nullable String> comments) throws IOException {
    Path target = folder.resolve("copy");
    try (CaptureCopy copy = new CaptureCopy(CaptureFiles.one(target, true, Compression.NONE))) {
      assertThat(copy.add("file", new ByteArrayInputStream(file), comments)).isNull();
    }
    return Files.readAllBytes(target);
  }

  private static List<String> comments(byte[] file) throws IOException {
    List<String> comments = new ArrayList<>();
    try (BlockInput blocks = new BlockInput("file", new ByteArrayInputStream(file))) {
      while (blocks.next()) {
        if (blocks.type() == Format.ENHANCED_PACKET) {
          long captured = blocks.block().cursor(20).u32();
          Options options = new Options(blocks.block(), 28 + (captured + 3) / 4 * 4);
          while (options.next()) {
            if (options.code() == Format.OPTION_COMMENT) {
              comments.add(
                  new String(
                      blocks.block().copy(options.start(), options.length()),
                      StandardCharsets.UTF_8));
            }
          }
        }
      }
    }
    return comments;
  }
}
