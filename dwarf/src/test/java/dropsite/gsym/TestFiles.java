package dropsite.gsym;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the test data lies, seen from the module that Maven runs the tests in. */
final class TestFiles {
  private static final Path ROOT = root();

  private TestFiles() {}

  static Path of(String relative) {
    return ROOT.resolve(relative);
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("testdata"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("testdata is in no folder above this one");
      }
    }
    return folder.resolve("testdata");
  }
}
