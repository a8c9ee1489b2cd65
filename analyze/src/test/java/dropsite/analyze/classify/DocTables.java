package dropsite.analyze.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Tables in docs/rules.md that are made, not written. They stand between two comments, {@code <!--
 * NAME: made by … -->} and {@code <!-- end of NAME -->}; run the tests with {@code
 * -Ddropsite.docs=write} to write them anew.
 */
public final class DocTables {
  private static final Path DOCUMENT = Path.of("..", "docs", "rules.md");

  private DocTables() {}

  /** Asserts that the document has a table, or writes it there. */
  public static void check(String name, List<String> lines) throws IOException {
    String text = Files.readString(DOCUMENT);
    String start = "<!-- " + name + ": ";
    String end = "<!-- end of " + name + " -->";
    assertThat(text).contains(start, end);
    int from = text.indexOf("-->\n", text.indexOf(start)) + 4;
    int to = text.indexOf(end);
    String made = String.join("\n", lines) + "\n";
    if (System.getProperty("dropsite.docs", "").equals("write")) {
      Files.writeString(DOCUMENT, text.substring(0, from) + made + text.substring(to));
      return;
    }
    assertThat(text.substring(from, to))
        .as("table \"%s\" of docs/rules.md; -Ddropsite.docs=write makes it anew", name)
        .isEqualTo(made);
  }
}
