package dropsite.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks, devices and rules that are named to harm whoever looks at them. */
@Tag("browser")
final class HostileNamesInBrowserTest {
  private static final String HOSTILE = "hostile-6.12/hostile.bpf.drops.pcapng.gz";
  private static final int LONG = 1 << 16;

  @TempDir private Path folder = Path.of("");

  @Test
  void namesAreTextEverywhere() throws IOException, InterruptedException {
    assertIsText(WrittenReport.of(folder, HOSTILE), "<img");
  }

  @Test
  void ruleOfSixtyFourKilobytesIsText() throws IOException, InterruptedException {
    Path capture = folder.resolve("long.drops.pcapng").toAbsolutePath();
    String comment = "-m udp --dport 6005 -m comment --comment \"";
    AlteredCapture.write(
        WrittenReport.capture(HOSTILE),
        capture,
        comment,
        comment + "<script>alert(1)</script> ".repeat(LONG / 26 + 1));
    Path report = WrittenReport.of(folder, capture.toString());
    assertIsText(report, "<script>alert(1)</script> <script>alert(1)</script>");
    assertThat(Files.readString(report)).doesNotContain("<script>alert");
  }

  private static void assertIsText(Path report, String shown) throws IOException {
    try (Chromium chromium = Chromium.start()) {
      for (int width : List.of(360, 1440)) {
        Page page =
            chromium.open(report, new Browser.NewContextOptions().setViewportSize(width, 900));
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
        page.waitForTimeout(500);
        assertThat(page.locator("img, iframe, object").count()).isZero();
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
        String text = page.locator("main").textContent();
        assertThat(text).contains(shown);
        assertThat(text.codePoints().filter(HostileNamesInBrowserTest::isObeyed).count()).isZero();
      }
      chromium.assertNoTrouble();
    }
  }

  /** What a terminal or a line of text would obey: controls, and marks of writing direction. */
  private static boolean isObeyed(int c) {
    return (c < ' ' && c != '\n')
        || (c >= 0x7f && c <= 0x9f)
        || (c >= 0x200b && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2060 && c <= 0x2069);
  }
}
