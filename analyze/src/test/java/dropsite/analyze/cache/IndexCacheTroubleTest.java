package dropsite.analyze.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeping an index never fails, and says why it did not work to who asked for it. */
final class IndexCacheTroubleTest {
  private static final Path KERNEL = Path.of("..", "testdata", "fixtures", "bin", "gcc-v5");

  @TempDir private Path home = Path.of("");

  private final List<String> told = new ArrayList<>();

  private IndexCache cache(long capBytes) {
    return new IndexCache(new CacheFolder(home.resolve("dropsite")), capBytes, told::add);
  }

  private List<Path> filesEndingIn(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("dropsite"))) {
      return files.filter(file -> file.toString().endsWith(suffix)).toList();
    }
  }

  @Test
  void anEntryLargerThanTheCapIsMadeOnceAndToldEveryTime() throws IOException {
    cache(1000).keep(KERNEL, true);
    assertThat(told).hasSize(1).first().asString().contains("takes 1 megabytes", "not kept");
    assertThat(filesEndingIn(".gsym")).isEmpty();
    Path note = filesEndingIn(".bytes").getFirst();
    Files.setLastModifiedTime(note, FileTime.from(Instant.EPOCH));
    cache(1000).keep(KERNEL, true);
    assertThat(told).hasSize(2);
    assertThat(told.getFirst()).isEqualTo(told.getLast());
    cache(1000).keep(KERNEL, false);
    assertThat(told).as("not asked for").hasSize(2);
    assertThat(Files.getLastModifiedTime(note).toInstant())
        .as("noted when it was made")
        .isEqualTo(Instant.EPOCH);
  }

  @Test
  void aLargerCapMakesRoomForWhatDidNotFit() throws IOException {
    cache(1000).keep(KERNEL, false);
    cache(1_000_000).keep(KERNEL, true);
    assertThat(told).isEmpty();
    assertThat(filesEndingIn(".gsym")).hasSize(1);
    assertThat(filesEndingIn(".bytes")).isEmpty();
  }

  @Test
  void aDamagedNoteIsNoNote() throws IOException {
    cache(1000).keep(KERNEL, false);
    Files.writeString(filesEndingIn(".bytes").getFirst(), "many");
    cache(1_000_000).keep(KERNEL, true);
    assertThat(told).isEmpty();
    assertThat(filesEndingIn(".gsym")).hasSize(1);
  }

  static Stream<Throwable> mistakes() {
    return Stream.of(
        new OutOfMemoryError("Java heap space"),
        new InternalError("a fault occurred in an unsafe memory access operation"),
        new StackOverflowError(),
        new IllegalArgumentException("mistake"),
        new IndexOutOfBoundsException("mistake"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void whateverGoesWrongIsOneLineForWhoAsked(Throwable mistake) {
    Path kernel =
        (Path)
            Proxy.newProxyInstance(
                Path.class.getClassLoader(),
                new Class<?>[] {Path.class},
                (self, method, arguments) ->
                    switch (method.getName()) {
                      case "equals" -> false;
                      case "toString" -> "kernel";
                      default -> throw mistake;
                    });
    cache(1000).keep(kernel, false);
    assertThat(told).isEmpty();
    cache(1000).keep(kernel, true);
    assertThat(told).hasSize(1).first().asString().contains("kernel").hasLineCount(1);
  }

  @Test
  void aFileWhereAFolderShouldBeIsNamed() throws IOException {
    Path file = Files.createFile(home.resolve("file"));
    new IndexCache(new CacheFolder(file.resolve("dropsite")), 1000, told::add).keep(KERNEL, true);
    assertThat(told)
        .hasSize(1)
        .first()
        .asString()
        .contains(file + " is not a folder")
        .doesNotContain("null");
  }

  @Test
  void aFolderInTheWayOfAFileIsNamed() throws IOException {
    cache(1_000_000).keep(KERNEL, true);
    Path entry = filesEndingIn(".gsym").getFirst();
    Files.delete(entry);
    Path inTheWay = Files.createDirectory(Path.of(entry + ".unfinished"));
    cache(1_000_000).keep(KERNEL, true);
    assertThat(told).hasSize(1).first().asString().contains(inTheWay.toString());
    assertThat(inTheWay).isDirectory();
  }
}
