package dropsite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.input.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code symbolize} prints for posted stack texts, without the lines that it adds. */
final class SamplesFilterTest {
  private static final String INDENT = "        ";
  private static final String VMLINUX =
      "../testdata/symbols/vmlinux-6.12.117+deb12-cloud-amd64.gsym.xz";

  /** Lines keep their ends. */
  private static final Pattern LINE_END = Pattern.compile("(?<=\n)");

  @Test
  void noLineIsLost() throws IOException {
    List<String> words = new ArrayList<>(List.of("symbolize", "--vmlinux", VMLINUX));
    StringBuilder input = new StringBuilder();
    for (Path text : Samples.texts()) {
      words.add(text.toString());
      input.append(Files.readString(text, StandardCharsets.UTF_8));
    }
    CommandRun run = CommandRun.of(words.toArray(String[]::new));
    StringBuilder kept = new StringBuilder();
    for (String line : LINE_END.splitAsStream(run.out()).toList()) {
      // A line of the input comes first: what is added has its indent, and no other line may.
      if (input.indexOf(line, kept.length()) == kept.length()) {
        kept.append(line);
      } else {
        assertThat(line)
            .as("a line added behind line " + kept.chars().filter(c -> c == '\n').count())
            .startsWith(INDENT);
      }
    }
    assertThat(kept).hasToString(input.toString());
  }
}
