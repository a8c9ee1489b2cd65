package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The matrix of {@link Addr2LineGoldenTest} against the tools themselves. */
@Tag("peers")
final class Addr2LinePeersTest {
  private static final Path RECORDED = Addr2LineGoldenTest.RECORDED.toAbsolutePath().normalize();
  private static final String BINUTILS = "2.40";

  @TempDir Path folder;

  @Test
  void bothToolsAnswerAsRecordedAndAsWeDo() throws IOException, InterruptedException {
    PeerTool.assumeInstalled("llvm-addr2line-22", "apt install llvm-22");
    PeerTool.assumeInstalled("addr2line", "apt install binutils");
    String version = PeerTool.run(folder, Map.of(), "addr2line", "--version");
    assumeTrue(
        version.lines().findFirst().orElse("").endsWith(BINUTILS),
        "needs the addr2line of binutils " + BINUTILS + ", not " + version);
    PeerTool.run(folder, Map.of(), RECORDED.resolve("record").toString(), folder.toString());
    RecordedAnswers.read(folder.resolve("gnu.txt"), RECORDED.resolve("differences-gnu.txt"))
        .check(text -> text);
    RecordedAnswers.read(folder.resolve("llvm.txt"), RECORDED.resolve("differences-llvm.txt"))
        .check(Addr2LineGoldenTest::withoutForms);
  }

  @Test
  void rustNamesReadAsInLlvm() throws IOException, InterruptedException {
    PeerTool.assumeInstalled("llvm-cxxfilt-22", "apt install llvm-22");
    List<String[]> names = RustNameTest.recorded();
    String[] command = new String[names.size() + 1];
    command[0] = "llvm-cxxfilt-22";
    for (int i = 0; i < names.size(); i++) {
      command[i + 1] = names.get(i)[0];
    }
    assertThat(PeerTool.run(folder, Map.of(), command).lines())
        .containsExactlyElementsOf(names.stream().map(name -> RustName.demangle(name[0])).toList());
  }
}
