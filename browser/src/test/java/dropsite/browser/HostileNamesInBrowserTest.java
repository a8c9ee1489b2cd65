package dropsite.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks, devices and rules that are named to harm whoever looks at them. */
@Tag("browser")
final class HostileNamesInBrowserTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void namesAreTextEverywhere() throws IOException, InterruptedException {
    Path report = WrittenReport.of(folder, "hostile-6.12/hostile.bpf.drops.pcapng.gz");
    try (Chromium chromium = Chromium.start()) {
      for (int width : List.of(360, 1440)) {
        Page page =
            chromium.open(report, new Browser.NewContextOptions().setViewportSize(width, 900));
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
        page.waitForTimeout(500);
        assertThat(page.locator("img, iframe, object").count()).isZero();
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
        String text = page.locator("main").textContent();
        assertThat(text).contains("<img");
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
