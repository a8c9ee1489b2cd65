package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.input.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What {@code symbolize} prints for posted stack texts, without the lines that it adds. */
final class SamplesFilterTest {
  private static final String INDENT = "        ";
  private static final String VMLINUX =
      "../testdata/symbols/vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz";

  /** Lines keep their ends. */
  private static final Pattern LINE_END = Pattern.compile("(?<=\n)");

  @TestFactory
  Stream<DynamicTest> noLineIsLost() throws IOException {
    return Samples.texts().stream()
        .map(text -> DynamicTest.dynamicTest(text.getFileName().toString(), () -> check(text)));
  }

  private static void check(Path text) throws IOException {
    CommandRun run = CommandRun.of("symbolize", "--vmlinux", VMLINUX, text.toString());
    String input = Files.readString(text, StandardCharsets.UTF_8);
    StringBuilder kept = new StringBuilder();
    for (String line : LINE_END.splitAsStream(run.out()).toList()) {
      // A line of the input comes first: what is added has its indent, and no other line may.
      if (input.startsWith(line, kept.length()) && !line.isEmpty()) {
        kept.append(line);
      } else {
        assertThat(line).as(text.getFileName() + ": an added line").startsWith(INDENT);
      }
    }
    assertThat(kept).as(text.getFileName().toString()).hasToString(input);
  }
}
