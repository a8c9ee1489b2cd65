package dropsite.analyze.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The stack texts as people posted them, which lie beside the repository and not in it. */
public final class Samples {
  private static final Path FOLDER =
      Path.of(System.getProperty("dropsite.samples", "../../shared/samples"));

  private Samples() {}

  /** Returns the texts, by name; skips the test that asks where there are none. */
  public static List<Path> texts() throws IOException {
    Assumptions.assumeTrue(
        Files.isDirectory(FOLDER),
        "the posted stack texts are not here: no folder " + FOLDER.toAbsolutePath().normalize());
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Path> texts = files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
      assertThat(texts).isNotEmpty();
      return texts;
    }
  }
}
