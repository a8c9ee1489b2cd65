package dropsite.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The matrix of options over fixtures, against what the other tools printed. */
final class Addr2LineGoldenTest {
  static final Path RECORDED = Path.of("..", "testdata", "addr2line");

  private static final Pattern ADDRESS = Pattern.compile("(?m)^0x0*");
  private static final Pattern SUFFIX =
      Pattern.compile("\\.(cold|isra\\.\\d+|constprop\\.\\d+|part\\.\\d+)\\b");

  @Test
  void printsWhatGnuAddr2linePrints() throws IOException {
    RecordedAnswers.read(RECORDED.resolve("gnu.txt"), RECORDED.resolve("differences-gnu.txt"))
        .check(text -> text);
  }

  @Test
  void agreesWithLlvmAddr2lineUpToItsForms() throws IOException {
    RecordedAnswers.read(RECORDED.resolve("llvm.txt"), RECORDED.resolve("differences-llvm.txt"))
        .check(Addr2LineGoldenTest::withoutForms);
  }

  /**
   * Takes away in what LLVM's output has another form than GNU's: zeros before an address, {@code
   * at} before an unknown place, lines of 0, suffixes of symbols.
   */
  static String withoutForms(String text) {
    String addresses = ADDRESS.matcher(text).replaceAll("0x");
    String places = addresses.replace("?? at ??:0", "?? ??:0").replace(":?\n", ":0\n");
    return SUFFIX.matcher(places).replaceAll("");
  }
}
