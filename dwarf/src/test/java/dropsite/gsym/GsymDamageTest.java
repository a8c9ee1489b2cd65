package dropsite.gsym;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.bytes.MalformedInputException;
import dropsite.symbols.Symbol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files give an answer or one clear error: never another exception, never no end. */
final class GsymDamageTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"gcc-v5", "clang-v5", "calls", "clangxx-v5", "s390x-gcc-v5"})
  void truncatedAndFlippedFilesGiveAnAnswerOrOneError(String fixture) throws Exception {
    damage(fixture, 200, 300);
  }

  @Tag("fuzz")
  @ParameterizedTest
  @ValueSource(strings = {"gcc-v5", "gcc-v5-O0", "clang-v5", "calls", "clangxx-v5", "s390x-gcc-v5"})
  void manyMoreDamagedFilesGiveAnAnswerOrOneError(String fixture) throws Exception {
    damage(fixture, 2000, 20_000);
  }

  private void damage(String fixture, int truncations, int flips) throws IOException {
    byte[] whole = Files.readAllBytes(TestFiles.of("gsym/" + fixture + ".gsym"));
    long[] addresses = addresses(fixture);
    Random random = new Random(fixture.hashCode());
    int refused = 0;
    for (int i = 0; i < truncations; i++) {
      byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length));
      refused += ask(cut, addresses);
    }
    // The file ends with the last function's list, so no cut goes unnoticed by all questions.
    assertThat(refused).isEqualTo(truncations);
    int answered = 0;
    for (int i = 0; i < flips; i++) {
      byte[] flipped = whole.clone();
      for (int bits = random.nextInt(1, 4); bits > 0; bits--) {
        flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      }
      answered += 1 - ask(flipped, addresses);
    }
    assertThat(answered).isBetween(1, flips - 1);
  }

  /** Returns 1 when at least one question was refused, else 0. */
  private int ask(byte[] bytes, long[] addresses) throws IOException {
    Path path = Files.write(folder.resolve("damaged.gsym"), bytes);
    boolean refused = false;
    try (GsymFile file = GsymFile.open(path)) {
      for (long address : addresses) {
        refused |= !answers(path, () -> file.frames(address));
        refused |= !answers(path, () -> file.callSites(address));
      }
      refused |= !answers(path, () -> file.symbols().named("receive"));
      refused |= !answers(path, () -> file.symbols().functions());
      refused |= !answers(path, () -> file.symbols().covering(addresses[0]));
    } catch (MalformedInputException e) {
      assertNamesTheFile(path, e);
      refused = true;
    }
    return refused ? 1 : 0;
  }

  private static boolean answers(Path path, Runnable question) {
    try {
      question.run();
      return true;
    } catch (MalformedInputException e) {
      assertNamesTheFile(path, e);
      return false;
    }
  }

  private static void assertNamesTheFile(Path path, MalformedInputException e) {
    assertThat(e.getMessage()).startsWith(path + ": ").doesNotContain("\n");
  }

  private static long[] addresses(String fixture) throws IOException {
    try (GsymFile file = GsymFile.open(TestFiles.of("gsym/" + fixture + ".gsym"))) {
      return file.symbols().functions().stream()
          .filter(symbol -> symbol.sizeBytes() > 0)
          .mapToLong(Symbol::linkAddress)
          .flatMap(start -> LongStream.of(start, start + 7, start + 40))
          .toArray();
    }
  }
}
