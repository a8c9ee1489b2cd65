package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModuleFilesTest {
  private static final Path MODULE = Path.of("../testdata/fixtures/bin/x86_64-gcc-v5.ko");

  @TempDir private Path folder = Path.of("");

  private void addModule() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("kernel/net"));
    Files.copy(MODULE, deep.resolve("some-module.ko"));
  }

  @Test
  void modulesAreFoundAtAnyDepthAndThroughALinkToTheFolder() throws IOException {
    addModule();
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("kernel"));
    for (Path start : new Path[] {folder, link}) {
      try (ModuleFiles files = ModuleFiles.in(start)) {
        assertThat(files.named("some_module")).isPresent();
        assertThat(files.skipped()).isEmpty();
      }
    }
  }

  @Test
  void aFolderThatCannotBeListedIsSkippedAndNamed() throws IOException {
    addModule();
    Path closed =
        Files.createDirectory(
            folder.resolve("closed"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("-wx------")));
    Assumptions.assumeFalse(
        Files.isReadable(closed), "runs as a user whom permissions do not stop: use another");
    try (ModuleFiles files = ModuleFiles.in(folder)) {
      assertThat(files.named("some_module")).isPresent();
      assertThat(files.skipped())
          .containsExactly(closed + ": cannot be searched for modules: permission denied");
    }
    assertThatThrownBy(() -> ModuleFiles.in(closed).close()).isInstanceOf(IOException.class);
  }

  @Test
  void aFolderThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> ModuleFiles.in(folder.resolve("nosuch")).close())
        .isInstanceOf(NoSuchFileException.class);
  }
}
