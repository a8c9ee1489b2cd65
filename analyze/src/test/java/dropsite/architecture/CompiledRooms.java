package dropsite.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The compiled main classes of every module, as the build has just made them. */
final class CompiledRooms {
  private CompiledRooms() {}

  /** Returns every class file of the modules; each module has some. */
  static List<Path> classFiles() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String module : List.of("bytes", "dwarf", "capture", "analyze")) {
      Path folder = Path.of("..", module, "target", "classes");
      try (Stream<Path> files = Files.walk(folder)) {
        List<Path> found =
            files
                .filter(file -> file.toString().endsWith(".class"))
                // Compiled into the one jar: not there yet, or left by the build before.
                .filter(file -> !file.startsWith(folder.resolve("picocli")))
                .toList();
        assertThat(found).as("classes in %s", folder).isNotEmpty();
        all.addAll(found);
      }
    }
    return all;
  }
}
