package dropsite.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes the pictures of docs/report.md; {@code -Ddropsite.docs=write} puts them there. */
@Tag("browser")
final class PicturesTest {
  private static final Path IMAGES = Path.of("..", "docs", "images");
  private static final boolean WRITE = "write".equals(System.getProperty("dropsite.docs"));

  @TempDir private Path folder = Path.of("");
  private @Nullable Chromium chromium;

  @BeforeEach
  void start() {
    chromium = Chromium.start();
  }

  @AfterEach
  void stop() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @Test
  void headTimelineAndFindingsOnADesk() throws IOException, InterruptedException {
    Page page = open("lab-6.12/bpf.drops.pcapng.gz", 1440, 900, ColorScheme.LIGHT);
    take(page, "report-summary.png", 1440, 900);
    page.evaluate("document.querySelector('#timeline').scrollIntoView()");
    take(page, "report-timeline.png", 1440, 900);
  }

  @Test
  void findingThatNamesARuleInTheDark() throws IOException, InterruptedException {
    Page page = open("lab-6.12/rules.drops.pcapng.gz", 1440, 900, ColorScheme.DARK);
    page.locator(".lead a").first().click();
    take(page, "report-finding.png", 1440, 900);
  }

  @Test
  void findingsOnAPhone() throws IOException, InterruptedException {
    Page page = open("lab-6.12/rules.drops.pcapng.gz", 390, 844, ColorScheme.LIGHT);
    page.evaluate("document.querySelector('#findings').scrollIntoView()");
    take(page, "report-phone.png", 390, 844);
  }

  private Page open(String capture, int width, int height, ColorScheme colours)
      throws IOException, InterruptedException {
    Chromium started = chromium;
    assertThat(started).isNotNull();
    return started.open(
        WrittenReport.of(folder, capture),
        new Browser.NewContextOptions()
            .setViewportSize(width, height)
            .setReducedMotion(ReducedMotion.REDUCE)
            .setColorScheme(colours));
  }

  private static void take(Page page, String name, int width, int height) throws IOException {
    byte[] picture = page.screenshot();
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture));
    assertThat(image.getWidth()).isEqualTo(width);
    assertThat(image.getHeight()).isEqualTo(height);
    if (WRITE) {
      Files.write(IMAGES.resolve(name), picture);
    }
  }
}
