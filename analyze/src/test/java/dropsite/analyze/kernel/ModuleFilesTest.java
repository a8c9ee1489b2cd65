package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
        assertThat(files.named("some_module", null)).isPresent();
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
      assertThat(files.named("some_module", null)).isPresent();
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

  /** The fixtures are no kernel's modules, so that the machine is all that tells them apart. */
  @Test
  void ofModulesOfSeveralKernelsTheOneOfThisKernelAnswers() throws IOException {
    Path bin = MODULE.resolveSibling("").normalize();
    Path ours = Files.createDirectories(folder.resolve("modules/6.1.0-2/kernel"));
    Path others = Files.createDirectories(folder.resolve("modules/6.1.0-1/kernel"));
    Files.copy(MODULE, ours.resolve("some-module.ko"));
    Files.copy(MODULE, others.resolve("some-module.ko"));
    KernelFacts recorded =
        new KernelFacts("kernel.json", "6.1.0-2", null, Map.of(), List.of(), Map.of());
    try (ModuleFiles files = ModuleFiles.in(folder)) {
      files.ofKernel(null, recorded, false);
      assertThat(files.named("some_module", null).orElseThrow().file()).contains("6.1.0-2");
      assertThat(files.skipped()).isEmpty();
    }
    Path otherMachine = bin.resolve("aarch64-gcc-v5");
    assertThat(otherMachine).exists();
    for (boolean force : new boolean[] {false, true}) {
      try (ModuleFiles files = ModuleFiles.in(folder)) {
        files.ofKernel(otherMachine, KernelFacts.NONE, force);
        assertThat(files.named("some_module", null).isPresent()).isEqualTo(force);
        assertThat(files.skipped())
            .singleElement()
            .asString()
            .contains("ELF machine 62", "ELF machine 183", force ? "used because" : "not used");
      }
    }
  }

  @Test
  void aFileThatIsNoModuleIsNoFolderOfModules() throws IOException {
    Path text = Files.writeString(folder.resolve("modules.txt"), "no module");
    assertThatThrownBy(() -> ModuleFiles.in(text)).hasMessageContaining("neither a folder");
    assertThat(ModuleFiles.in(MODULE).named("x86_64_gcc_v5", null)).isPresent();
  }

  @Test
  void aDamagedModuleIsToldAndAsGoodAsNone() throws IOException {
    Files.write(folder.resolve("cut.ko"), Arrays.copyOf(Files.readAllBytes(MODULE), 700));
    Files.createFile(folder.resolve("empty.ko"));
    try (ModuleFiles files = ModuleFiles.in(folder)) {
      assertThat(files.named("cut", null)).isEmpty();
      assertThat(files.named("empty", "cafe")).isEmpty();
      assertThat(files.skipped()).hasSize(2).allSatisfy(it -> assertThat(it).endsWith("not used"));
    }
  }
}
