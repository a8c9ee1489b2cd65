package dropsite.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Chromium that takes down whatever a page does that a report must not do. */
final class Chromium implements AutoCloseable {
  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> trouble = new ArrayList<>();

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Starts that of the machine; where there is none, the test is skipped. */
  static Chromium start() {
    List<Path> there = PLACES.stream().filter(Files::isExecutable).toList();
    assumeTrue(!there.isEmpty(), "no Chromium: apt-get install chromium");
    Playwright playwright = Playwright.create();
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(there.getFirst())
                    .setArgs(List.of("--no-sandbox")));
    return new Chromium(playwright, browser);
  }

  /** Opens a page from disk. */
  Page open(Path file, Browser.NewContextOptions options) {
    BrowserContext context = browser.newContext(options);
    Page page = context.newPage();
    page.onConsoleMessage(this::note);
    page.onPageError(error -> trouble.add("error: " + error));
    page.onDialog(this::note);
    String address = file.toUri().toString();
    page.onRequest(request -> note(request, address));
    page.navigate(address);
    return page;
  }

  private void note(ConsoleMessage message) {
    trouble.add("console: " + message.text());
  }

  private void note(Dialog dialog) {
    trouble.add("dialog: " + dialog.message());
    dialog.dismiss();
  }

  private void note(Request request, String address) {
    if (!request.url().equals(address)) {
      trouble.add("request: " + request.url());
    }
  }

  /** Checks that no page complained, asked for anything, or opened a dialog. */
  void assertNoTrouble() {
    assertThat(trouble).as("console, errors, requests, dialogs").isEmpty();
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
