package dev.gretchen.dashboards.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import com.microsoft.playwright.options.ColorScheme;
import dev.gretchen.browser.SystemBrowser;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real demonstration, in a real browser, by its buttons.
///
/// The pictures of the README are made here: add `-Dgretchen.write-docs=true` to the command line.
class DemoST {

  private static final double BOUND_MILLIS = 40_000;
  private static final Path SCREENSHOTS =
      (Boolean.getBoolean("gretchen.write-docs")
              ? Path.of("..", "docs", "images")
              : Path.of("target", "screenshots"))
          .toAbsolutePath();

  /// Six partitions of each of two topics.
  private static final int TASKS = 12;

  @TempDir private Path folder;

  @Test
  void whoeverKillsAWorkerByItsButtonSeesItsPartitionsMoveAndTheDifferenceReturnToZero()
      throws Exception {
    Optional<SystemBrowser> installed = SystemBrowser.open();
    assumeTrue(installed.isPresent(), "chromium and node are not installed");
    try (SystemBrowser browser = installed.get();
        Demo demo = Demonstrations.open(folder.resolve("runs"), 3, 100, null);
        Page page = browser.page(ColorScheme.LIGHT, 1360, 1180)) {
      page.navigate(demo.address().toString());
      awaitAllRun(page);
      assertThat(ownedBy(page, "w1").first()).isVisible();
      awaitAllAtWork(page);

      press(page, "kill", "w1");
      assertThat(ownedBy(page, "w1")).hasCount(0, bound());
      awaitAllRun(page);
      assertThat(page.locator("#phases"))
          .containsText("caught up", new ContainsTextOptions().setTimeout(BOUND_MILLIS));
      assertThat(page.locator("#fault")).containsText("kill-worker w1");

      awaitNoDifference(page);
      assertThat(page.locator("#counts-said"))
          .containsText("of 148 words 148 are even, of the very same events.");

      page.locator("#still").click();
      press(page, "start", "w1");
      assertThat(ownedBy(page, "w1")).not().hasCount(0, bound());
      awaitAllRun(page);
      show(page, "demo");
      follow(page);
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
      page.setViewportSize(390, 844);
      show(page, "demo-phone-dark");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static Locator ownedBy(Page page, String worker) {
    return page.locator("article[data-worker=" + worker + "] .chip-p:not(.copy)");
  }

  private static void awaitAllRun(Page page) {
    assertThat(page.locator(".chip-p.running")).hasCount(TASKS, bound());
    assertThat(page.locator(".chip-p:not(.copy)")).hasCount(TASKS, bound());
  }

  /// Whoever had no output before a fault cannot catch up after it.
  private static void awaitAllAtWork(Page page) {
    awaitOutputs(page);
    awaitNoDifference(page);
    page.locator("#still").click();
    awaitOutputs(page);
  }

  private static void awaitOutputs(Page page) {
    assertThat(page.locator("#p50"))
        .containsText("s", new ContainsTextOptions().setTimeout(BOUND_MILLIS));
  }

  /// Holds the load, and all of it is counted.
  private static void awaitNoDifference(Page page) {
    assertThat(page.locator("#still")).hasAttribute("aria-pressed", "false");
    page.locator("#still").click();
    assertThat(page.locator("#still")).hasAttribute("aria-pressed", "true");
    assertThat(page.locator("#difference"))
        .hasText("0", new HasTextOptions().setTimeout(BOUND_MILLIS));
  }

  private static HasCountOptions bound() {
    return new HasCountOptions().setTimeout(BOUND_MILLIS);
  }

  private static void press(Page page, String deed, String worker) {
    page.locator("[data-deed=" + deed + "][data-worker=" + worker + "]").click();
  }

  private static void follow(Page page) {
    page.locator("#word").fill("teal");
    page.locator("#type button").click();
    Locator journey = page.locator("#journey");
    assertThat(journey)
        .containsText("answered as owner", new ContainsTextOptions().setTimeout(BOUND_MILLIS));
    for (String step :
        new String[] {
          "in the input log", "sent on", "counted: ", "in the changelog", "asked for over HTTP"
        }) {
      assertThat(journey).containsText(step);
    }
  }

  private static void show(Page page, String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
  }
}
