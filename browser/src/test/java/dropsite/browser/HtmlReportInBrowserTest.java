package dropsite.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report on the lab's largest capture, opened from disk and used as a person does. */
@Tag("browser")
final class HtmlReportInBrowserTest {
  private static final int PHONE_WIDTH = 360;
  private static final int DESK_WIDTH = 1440;
  private static final int HEIGHT = 900;
  private static final String ROWS = "#findings-table tbody tr:not([hidden])";
  private static final String PACKETS = "#packets-table tbody tr:not([hidden])";

  @TempDir private static Path folder = Path.of("");

  private static @Nullable Chromium chromium;
  private static Path report = Path.of("");

  @BeforeAll
  static void writeAndStart() throws IOException, InterruptedException {
    chromium = Chromium.start();
    report = WrittenReport.of(folder, "lab-6.12/bpf.drops.pcapng.gz");
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @AfterEach
  void nothingElseHappened() {
    chromium().assertNoTrouble();
  }

  private static Chromium chromium() {
    Chromium started = chromium;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started;
  }

  private static Browser.NewContextOptions window(int width) {
    return new Browser.NewContextOptions()
        .setViewportSize(width, HEIGHT)
        .setReducedMotion(ReducedMotion.REDUCE)
        .setColorScheme(ColorScheme.LIGHT);
  }

  private static Page open() {
    return chromium().open(report, window(DESK_WIDTH));
  }

  private static int count(Page page, String selector) {
    return page.locator(selector).count();
  }

  @Test
  void theAnswerStandsFirst() {
    Page page = open();
    assertThat(page.locator("h1").textContent()).matches("[0-9,]+ packets dropped");
    assertThat(page.locator("h1").boundingBox().y).isLessThan(HEIGHT / 2.0);
    assertThat(page.locator(".lead").textContent()).contains("queueing discipline");
    page.locator(".lead a").first().click();
    assertThat(page.url()).contains("#finding-");
    assertThat(page.locator("article.finding:target h3").textContent())
        .contains("queueing discipline");
  }

  @Test
  void findingsAndPacketsAreFiltered() {
    Page page = open();
    int all = count(page, ROWS);
    int packets = count(page, PACKETS);
    page.locator("#severity").selectOption("benign");
    int benign = count(page, ROWS);
    assertThat(benign).isPositive().isLessThan(all);
    assertThat(count(page, PACKETS)).isPositive().isLessThan(packets);
    assertThat(page.locator("#state").textContent()).contains(benign + " of " + all + " findings");
    page.locator("#severity").selectOption("");
    page.locator("#text").fill("no route to the destination");
    assertThat(count(page, ROWS)).isPositive().isLessThan(all);
    page.locator("#text").fill("no such words anywhere");
    assertThat(count(page, ROWS)).isZero();
    assertThat(page.locator("#none").isVisible()).isTrue();
    page.locator("#reset").click();
    assertThat(count(page, ROWS)).isEqualTo(all);
    assertThat(count(page, PACKETS)).isEqualTo(packets);
  }

  @Test
  void findingsAreSortedByAnyColumnFromTheKeyboard() {
    Page page = open();
    Locator events = page.locator("#findings-table th button", byText("Events"));
    events.focus();
    page.keyboard().press("Enter");
    assertThat(page.locator("#findings-table th[aria-sort]").getAttribute("aria-sort"))
        .isEqualTo("descending");
    List<Long> falling = eventCounts(page);
    assertThat(falling).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    page.keyboard().press("Enter");
    assertThat(eventCounts(page)).isSorted().isNotEqualTo(falling);
  }

  private static Page.LocatorOptions byText(String text) {
    return new Page.LocatorOptions().setHasText(Pattern.compile("^" + text + "$"));
  }

  private static List<Long> eventCounts(Page page) {
    return page.locator("#findings-table td[data-value]").all().stream()
        .map(cell -> Long.valueOf(cell.getAttribute("data-value")))
        .toList();
  }

  @Test
  void aClickIntoTheFlameGraphLeavesItsFindingsAndPackets() {
    Page page = open();
    int all = count(page, ROWS);
    int packets = count(page, PACKETS);
    Locator frame = page.locator("#flame .frame[name='__udp4_lib_rcv']").first();
    frame.scrollIntoViewIfNeeded();
    frame.locator("rect").click();
    assertThat(count(page, ROWS)).isPositive().isLessThan(all);
    assertThat(count(page, PACKETS)).isPositive().isLessThan(packets);
    assertThat(page.locator("#state").textContent()).contains("through __udp4_lib_rcv");
    page.locator("#unzoom").click();
    assertThat(count(page, ROWS)).isEqualTo(all);
    frame.focus();
    page.keyboard().press("Enter");
    assertThat(count(page, ROWS)).isLessThan(all);
    page.locator("#reset").click();
    assertThat(count(page, ROWS)).isEqualTo(all);
    page.locator("#function").fill("udp[");
    page.locator("#function").fill("__udp4_lib_rcv");
    assertThat(count(page, "#flame rect[fill='#ff7ad9']")).isPositive();
  }

  @Test
  void aTimeIsSelectedByDraggingAndBySliders() {
    Page page = open();
    int all = count(page, ROWS);
    Locator chart = page.locator("#chart");
    chart.scrollIntoViewIfNeeded();
    var box = chart.boundingBox();
    page.mouse().move(box.x + box.width * 0.55, box.y + box.height / 2);
    page.mouse().down();
    page.mouse().move(box.x + box.width * 0.65, box.y + box.height / 2);
    page.mouse().up();
    int some = count(page, ROWS);
    assertThat(some).isPositive().isLessThan(all);
    assertThat(page.locator("#span").textContent()).matches(".*:.* to .*:.*");
    assertThat(count(page, "#chart .slot.out")).isPositive();
    page.locator("#from").focus();
    page.keyboard().press("Home");
    assertThat(count(page, ROWS)).isGreaterThan(some);
    chart.click();
    assertThat(count(page, ROWS)).isEqualTo(all);
    assertThat(page.locator("#span").textContent()).isEqualTo("all");
  }

  @Test
  void theThemeFollowsTheSystemUntilItIsChosen() {
    Page page = open();
    String light = background(page);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    String dark = background(page);
    assertThat(dark).isNotEqualTo(light);
    page.locator("#theme").click();
    assertThat(background(page)).isEqualTo(light);
    page.locator("#theme").click();
    assertThat(background(page)).isEqualTo(dark);
  }

  private static String background(Page page) {
    return String.valueOf(page.evaluate("getComputedStyle(document.body).backgroundColor"));
  }

  @Test
  void whatMattersIsPrintedAndControlsAreNot() throws IOException {
    Page page = open();
    page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
    for (String control : List.of("#theme", "#filters", ".copy", ".range", "nav")) {
      assertThat(page.locator(control).first().isVisible()).as(control).isFalse();
    }
    Locator stack = page.locator("article.finding .stack").first();
    assertThat(stack.boundingBox().height).isGreaterThan(50);
    Path pdf = folder.resolve("report.pdf");
    page.pdf(new Page.PdfOptions().setPath(pdf).setFormat("A4"));
    assertThat(Files.size(pdf)).isGreaterThan(20_000);
  }

  @Test
  void everyWidthFromAPhoneToADeskHasNoSidewaysScrolling() {
    for (int width : List.of(PHONE_WIDTH, 768, 1024, DESK_WIDTH)) {
      Page page = chromium().open(report, window(width));
      page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
      assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
      page.context().close();
    }
  }

  @Test
  void withoutScriptsAllThatMattersIsThere() {
    Page page = chromium().open(report, window(DESK_WIDTH).setJavaScriptEnabled(false));
    assertThat(page.locator("h1").textContent()).contains("packets dropped");
    int findings = count(page, "#findings-table tbody tr");
    assertThat(findings).isGreaterThan(20);
    assertThat(count(page, "article.finding")).isEqualTo(findings);
    assertThat(count(page, "#packets-table tbody tr")).isGreaterThan(100);
    assertThat(page.locator("#chart").isVisible()).isTrue();
    assertThat(count(page, "#chart .slot rect")).isPositive();
    for (ElementHandle control : page.querySelectorAll("button, input, select")) {
      assertThat(control.isVisible()).isFalse();
    }
    page.locator("article.finding details.fold summary").first().click();
    assertThat(page.locator("article.finding details.fold[open]").first().isVisible()).isTrue();
  }

  @Test
  void aCommandIsCopied() {
    Page page =
        chromium()
            .open(
                report,
                window(DESK_WIDTH).setPermissions(List.of("clipboard-read", "clipboard-write")));
    Locator item = page.locator(".commands li").first();
    item.locator(".copy").click();
    page.waitForCondition(() -> item.locator(".copy").textContent().equals("Copied"));
    assertThat(page.evaluate("navigator.clipboard.readText()"))
        .isEqualTo(item.locator(".command").textContent());
  }
}
