package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.command.ExitCode;
import dropsite.gsym.GsymFile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IndexCommandTest {
  private static final String KERNEL = CommandRun.fixture("gcc-v5");

  @TempDir private Path folder = Path.of("");

  private static void refused(CommandRun run, String... words) {
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains(words).doesNotContain("internal error");
  }

  private void written(Path file) throws IOException {
    refused(CommandRun.of("index", file.toString()), file + ": is already a symbol file");
    try (var files = Files.list(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".unfinished"));
    }
  }

  @Test
  void theFileAnswersAndHasThePermissionsOfAnyNewFile() throws IOException {
    Path target = folder.resolve("kernel.gsym");
    CommandRun run = CommandRun.of("index", "-o", target.toString(), KERNEL);
    assertThat(run.err()).contains("kernel.gsym: ", " stretches of code, ");
    assertThat(run.exitCode()).isZero();
    written(target);
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(Files.getPosixFilePermissions(Files.createFile(folder.resolve("plain"))))
        .contains(PosixFilePermission.OWNER_READ);
  }

  @Test
  void aLinkStaysAndWhatItPointsToIsWritten() throws IOException {
    Path file = folder.resolve("file.gsym");
    Path link = Files.createSymbolicLink(folder.resolve("link.gsym"), Path.of("file.gsym"));
    // Not there yet the first time, replaced the second.
    for (int times = 0; times < 2; times++) {
      assertThat(CommandRun.of("index", "-o", link.toString(), KERNEL).exitCode()).isZero();
      assertThat(link).isSymbolicLink();
      assertThat(file).isRegularFile();
      written(file);
    }
  }

  @Test
  void whatIsNoRegularFileIsNeverReplaced() throws IOException {
    refused(CommandRun.of("index", "-o", folder.toString(), KERNEL), "is a directory");
    Path socket = folder.resolve("socket");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));
      refused(
          CommandRun.of("index", "-o", socket.toString(), KERNEL),
          socket + ": is not a regular file");
      assertThat(Files.isRegularFile(socket)).isFalse();
    }
  }

  @Test
  void theKernelItselfIsNeverReplaced() throws IOException {
    Path copy = Files.copy(Path.of(KERNEL), folder.resolve("vmlinux"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), copy);
    for (Path same : new Path[] {copy, link}) {
      refused(
          CommandRun.of("index", "-o", same.toString(), copy.toString()),
          same + ": is the kernel itself");
    }
    assertThat(copy).hasSameBinaryContentAs(Path.of(KERNEL));
  }

  @Test
  void aFolderThatIsNotThereIsNamedWithTheTarget() {
    Path target = folder.resolve("nosuch").resolve("kernel.gsym");
    refused(
        CommandRun.of("index", "-o", target.toString(), KERNEL),
        target + ": there is no folder " + folder.resolve("nosuch"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "../testdata | is a directory",
        "pom.xml | neither an ELF file nor a GSYM file",
        "../testdata/symbols/vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz | already a symbol file",
        "nosuch | no such file",
        "/dev/null | is not a regular file"
      })
  void inputThatIsNoKernelIsNamedInOneLine(String input, String problem) {
    refused(
        CommandRun.of("index", "-o", folder.resolve("out").toString(), input),
        input + ": ",
        problem);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private CommandRun asked(String file) {
    return CommandRun.of("addr2line", "--json", "-e", file, "401360", "4014b0", "401671");
  }

  @Test
  void withTheSidecarNothingIsMissingFromTheAnswers() {
    String target = folder.resolve("kernel.gsym").toString();
    assertThat(CommandRun.of("index", "-o", target, KERNEL).exitCode()).isZero();
    assertThat(asked(target)).isEqualTo(asked(KERNEL));
  }

  @Test
  void theSidecarIsLeftOutOnRequest() {
    Path target = folder.resolve("kernel.gsym");
    CommandRun run = CommandRun.of("index", "--gsym-only", "-o", target.toString(), KERNEL);
    assertThat(run.exitCode()).isZero();
    assertThat(folder.resolve("kernel.gsym.facts")).doesNotExist();
    assertThat(asked(target.toString()).out()).isNotEqualTo(asked(KERNEL).out());
  }

  @Test
  void callSitesAreInTheFileItselfOnRequest() throws IOException {
    for (boolean wanted : new boolean[] {false, true}) {
      Path target = folder.resolve("kernel" + wanted + ".gsym");
      CommandRun run =
          wanted
              ? CommandRun.of("index", "--call-sites", "-o", target.toString(), KERNEL)
              : CommandRun.of("index", "-o", target.toString(), KERNEL);
      assertThat(run.exitCode()).isZero();
      try (GsymFile file = GsymFile.open(target)) {
        assertThat(
                file.symbols().functions().stream()
                    .anyMatch(function -> !file.callSites(function.linkAddress()).isEmpty()))
            .isEqualTo(wanted);
      }
    }
  }

  @Test
  void theSidecarOfAnotherKernelIsLeftAlone() throws IOException {
    Path target = folder.resolve("kernel.gsym");
    Path other = folder.resolve("other.gsym");
    CommandRun.of("index", "--gsym-only", "-o", target.toString(), KERNEL);
    CommandRun alone = asked(target.toString());
    CommandRun.of("index", "-o", other.toString(), CommandRun.fixture("clang-v5"));
    Path sidecar =
        Files.copy(folder.resolve("other.gsym.facts"), folder.resolve("kernel.gsym.facts"));
    assertThat(asked(target.toString()))
        .isEqualTo(
            new CommandRun(
                0,
                alone.out(),
                sidecar + ": was not made together with " + target + "; not used\n"));
  }

  @Test
  void theSidecarOfAnotherSymbolFileOfTheSameKernelIsLeftAlone() throws IOException {
    Path target = folder.resolve("kernel.gsym");
    CommandRun.of("index", "-o", target.toString(), KERNEL);
    Path other = folder.resolve("other.gsym");
    CommandRun.of("index", "--call-sites", "-o", other.toString(), KERNEL);
    Files.move(other, target, StandardCopyOption.REPLACE_EXISTING);
    assertThat(asked(target.toString()).err())
        .contains("kernel.gsym.facts: was not made together with")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 20, 21, 32})
  void theSidecarIsReadWhateverTheBuildId(int bytes) throws IOException {
    String kernel = BuildIds.copy(KERNEL, folder.resolve("vmlinux"), bytes).toString();
    String target = folder.resolve("kernel.gsym").toString();
    assertThat(CommandRun.of("index", "-o", target, kernel).exitCode()).isZero();
    assertThat(asked(target)).isEqualTo(asked(kernel));
  }

  @Test
  void aBuildIdWithoutRoomInTheSidecarIsRefusedBeforeAnythingIsWritten() throws IOException {
    String kernel = BuildIds.copy(KERNEL, folder.resolve("vmlinux"), 33).toString();
    Path target = folder.resolve("kernel.gsym");
    refused(
        CommandRun.of("index", "-o", target.toString(), kernel),
        kernel + ": has a build-id of more than 32 bytes");
    assertThat(target).doesNotExist();
    assertThat(CommandRun.of("index", "--gsym-only", "-o", target.toString(), kernel).exitCode())
        .isZero();
    assertThat(target).exists();
  }

  @Test
  void anOldSidecarGoesWithTheSymbolFileItBelongedTo() throws IOException {
    Path target = folder.resolve("kernel.gsym");
    Path sidecar = folder.resolve("kernel.gsym.facts");
    CommandRun.of("index", "-o", target.toString(), KERNEL);
    assertThat(sidecar).exists();
    CommandRun run = CommandRun.of("index", "--gsym-only", "-o", target.toString(), KERNEL);
    assertThat(run.err()).contains(sidecar + ": deleted").hasLineCount(1);
    assertThat(sidecar).doesNotExist();
    Files.writeString(sidecar, "somebody's notes");
    CommandRun again = CommandRun.of("index", "--gsym-only", "-o", target.toString(), KERNEL);
    assertThat(again.err()).contains(sidecar + ": not a whole sidecar, left there");
    assertThat(again.exitCode()).isZero();
    assertThat(sidecar).hasContent("somebody's notes");
  }

  @Test
  void aDamagedSidecarIsRefused() throws IOException {
    Path target = folder.resolve("kernel.gsym");
    CommandRun.of("index", "-o", target.toString(), KERNEL);
    Path sidecar = folder.resolve("kernel.gsym.facts");
    byte[] bytes = Files.readAllBytes(sidecar);
    bytes[bytes.length / 2] ^= 1;
    Files.write(sidecar, bytes);
    refused(asked(target.toString()), sidecar + ": header+0x8: ");
  }
}
