package dropsite.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.bytes.MalformedInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fixture, cut short at 200 places and with 2,000 single bytes changed: each such file gets
 * an answer or one clear error, in time and in the heap that the build gives tests (512 MB).
 *
 * <p>Where a fixture has files beside it (.dwo, .dwp, supplementary, debug link), every second
 * mutation hits one of those. The seed is printed; {@code -Ddropsite.fuzz.seed=N} sets it, {@code
 * -Ddropsite.fuzz.share=K} does only every K-th mutation.
 */
@Tag("fuzz")
final class FixtureMutationTest {
  private static final int TRUNCATIONS = 200;
  private static final int FLIPS = 2000;
  private static final int LOOKUPS = 20;
  private static final int SECONDS_PER_FILE = 5;
  private static final long SEED = Long.getLong("dropsite.fuzz.seed", 20_251_121L);
  private static final int SHARE = Integer.getInteger("dropsite.fuzz.share", 1);

  static Stream<Fixture> fixtures() throws IOException {
    return Fixture.all().stream();
  }

  /** What came of the mutated files of one fixture. */
  private static final class Counts {
    int files;
    int lookups;
    int answered;
    int refusedAtOpening;
    int refusedAtLookup;

    @Override
    public String toString() {
      return "%d files, %d lookups: %d answered, %d refused; %d files refused at opening"
          .formatted(files, lookups, answered, refusedAtLookup, refusedAtOpening);
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void mutatedFilesGiveAnAnswerOrOneClearError(Fixture fixture, @TempDir Path folder)
      throws IOException, InterruptedException {
    Map<Path, byte[]> originals = copyWithSideFiles(fixture, folder);
    Path main = folder.resolve(fixture.name());
    List<Path> sides = originals.keySet().stream().filter(file -> !file.equals(main)).toList();
    Random random = new Random(SEED ^ fixture.name().hashCode());
    List<Fixture.Row> rows = fixture.rows();
    Counts counts = new Counts();
    ExecutorService worker = Executors.newSingleThreadExecutor();
    try {
      for (int i = 0; i < TRUNCATIONS + FLIPS; i++) {
        Path victim =
            sides.isEmpty() || i % 2 == 0 ? main : sides.get(random.nextInt(sides.size()));
        byte[] original = Objects.requireNonNull(originals.get(victim));
        int place = random.nextInt(original.length);
        byte value = (byte) (original[place] ^ (1 + random.nextInt(255)));
        long lookupSeed = random.nextLong();
        if (i % SHARE != 0) {
          continue;
        }
        boolean truncate = i < TRUNCATIONS;
        String what =
            "%s %s at 0x%x%s (seed %d)"
                .formatted(
                    victim.getFileName(),
                    truncate ? "cut" : "changed",
                    place,
                    truncate ? "" : " to 0x%02x".formatted(value),
                    SEED);
        replace(victim, truncate ? cut(original, place) : changed(original, place, value));
        Future<?> done =
            worker.submit(() -> lookUp(main, rows, new Random(lookupSeed), counts, what));
        try {
          done.get(SECONDS_PER_FILE, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
          throw new AssertionError("no answer within " + SECONDS_PER_FILE + " s: " + what, e);
        } catch (ExecutionException e) {
          throw new AssertionError("neither answer nor clear error: " + what, e.getCause());
        }
        replace(victim, original);
        counts.files++;
      }
    } finally {
      worker.shutdownNow();
    }

    System.out.println(fixture + ": " + counts + " (seed " + SEED + ")");
    assertThat(counts.files).isEqualTo((TRUNCATIONS + FLIPS + SHARE - 1) / SHARE);
    assertThat(counts.answered).as("files that survived their mutation").isPositive();
    assertThat(counts.refusedAtOpening + counts.refusedAtLookup).as("files refused").isPositive();
  }

  private static Void lookUp(
      Path file, List<Fixture.Row> rows, Random random, Counts counts, String what)
      throws IOException {
    try (DwarfFile symbols = DwarfFile.open(file)) {
      for (int i = 0; i < LOOKUPS; i++) {
        Fixture.Row row = rows.get(random.nextInt(rows.size()));
        counts.lookups++;
        try {
          Optional<Long> address = row.address(symbols);
          if (address.isPresent()) {
            symbols.frames(address.get());
            switch (i) {
              case 0 -> symbols.constantArguments(address.get());
              case 1 -> symbols.callSites(address.get());
              case 2 -> symbols.enumerators("point");
              case 3 -> symbols.symbols().functions();
              default -> {}
            }
          }
          counts.answered++;
        } catch (MalformedInputException e) {
          assertOneLine(e, what);
          counts.refusedAtLookup++;
        }
      }
    } catch (MalformedInputException e) {
      assertOneLine(e, what);
      counts.refusedAtOpening++;
    }
    return null;
  }

  private static void assertOneLine(MalformedInputException e, String what) {
    assertThat(e.getMessage()).as(what).isNotBlank().doesNotContain("\n").hasSizeLessThan(500);
  }

  /** Copies a fixture and what lies beside it for it; returns the copies and their bytes. */
  private static Map<Path, byte[]> copyWithSideFiles(Fixture fixture, Path folder)
      throws IOException {
    Path bin = Fixture.folder().resolve("bin");
    String stem = fixture.name().replaceFirst("-other$", "");
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Files.walk(bin)) {
      found
          .filter(Files::isRegularFile)
          .map(bin::relativize)
          .filter(file -> {
            String name = file.getFileName().toString();
            return name.equals(fixture.name())
                || (name.startsWith(stem)
                    && name.substring(stem.length())
                        .matches("(-[ab])?\\.(dwo|dwp|sup|debug)|-[ab]\\.o"));
          })
          .forEach(files::add);
    }
    Map<Path, byte[]> bytes = new HashMap<>();
    for (Path file : files) {
      Path copy = folder.resolve(file.toString());
      Files.createDirectories(copy.getParent());
      bytes.put(copy, Files.readAllBytes(bin.resolve(file.toString())));
      Files.write(copy, bytes.get(copy));
    }
    return bytes;
  }

  /** Puts a new file in the place of an old one, which may still be mapped into memory. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    Files.write(file, bytes);
  }

  private static byte[] cut(byte[] bytes, int size) {
    return Arrays.copyOf(bytes, size);
  }

  private static byte[] changed(byte[] bytes, int place, byte value) {
    byte[] copy = bytes.clone();
    copy[place] = value;
    return copy;
  }
}
