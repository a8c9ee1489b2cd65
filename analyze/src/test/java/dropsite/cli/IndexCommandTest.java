package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.gsym.GsymFile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    Files.copy(folder.resolve("other.gsym.facts"), folder.resolve("kernel.gsym.facts"));
    assertThat(asked(target.toString())).isEqualTo(alone);
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
