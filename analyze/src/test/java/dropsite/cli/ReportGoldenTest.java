package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole reports of a recording; {@code testdata/golden/report/README.md} says how to renew them.
 */
final class ReportGoldenTest {
  private static final Path GOLDEN = Path.of("..", "testdata", "golden", "report");
  private static final String SYMBOLS = "../testdata/symbols";
  private static final String VMLINUX = SYMBOLS + "/vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz";
  private static final String CAPTURE = "../testdata/captures/lab-6.12/rules.drops.pcapng.gz";

  @ParameterizedTest
  @CsvSource({
    "--colour=never, 80, rules.txt",
    "--colour=always, 80, rules.colour.txt",
    "--colour=never, 40, rules.narrow.txt",
    "--markdown, 80, rules.md"
  })
  void reportIsAsItWas(String option, String columns, String golden) throws IOException {
    CommandRun run =
        CommandRun.in(
            Map.of("COLUMNS", columns), "", "analyze", option, "--vmlinux", VMLINUX, CAPTURE);
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).isEqualTo(Files.readString(GOLDEN.resolve(golden)));
  }

  /** Its first block of output; dots stand for what is left out, and paths begin elsewhere here. */
  @Test
  void readmeShowsWhatItsFirstCommandPrints() throws IOException {
    List<String> readme = Files.readAllLines(Path.of("..", "README.md"));
    int first = readme.indexOf("```");
    List<String> shown =
        readme.subList(first + 1, readme.size()).stream()
            .takeWhile(line -> !line.equals("```"))
            .filter(line -> !line.strip().equals("...") && !line.contains("testdata/"))
            .toList();
    CommandRun run = CommandRun.of("analyze", "--debug-dir", SYMBOLS, "--colour=never", CAPTURE);
    assertThat(shown).hasSizeGreaterThan(20);
    assertThat(run.out().lines()).containsSubsequence(shown);
  }
}
